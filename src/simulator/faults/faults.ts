import { seededRandom } from '../../market/seededRandom.ts'
import type { Clock, EpochMs } from '../../market/time.ts'
import type { Client } from '../client.ts'
import type { Wire } from '../connection.ts'
import { hashOf } from '../noise.ts'
import type { Tws } from '../tws.ts'
import { ArmedFault } from './armed.ts'
import { atOnce, type FaultPlan, type Outgoing, type Spoken } from './fault.ts'
import { connectionOf, isMet } from './happening.ts'
import { FaultyLine } from './line.ts'

/** A fault as `GET /faults` tells of it. */
export interface FaultReport {
  readonly id: number
  readonly fault: string
  readonly isOn: boolean
  readonly strikes: number
}

interface NamedFault {
  readonly name: string
  readonly armed: ArmedFault
}

/** All that is wrong with a terminal, or will be, and the lines on which it goes wrong. */
export class Faults {
  readonly #tws: Tws
  readonly #armed = new Map<number, NamedFault>()
  readonly #lines = new Set<FaultyLine>()
  /** When a connection of a client id was last broken. */
  readonly #lostAt = new Map<number, EpochMs>()
  #nextId = 1

  constructor(tws: Tws) {
    this.#tws = tws
  }

  get machine(): Clock {
    return this.#tws.machine
  }

  /** What may wait on a line before it is broken. */
  get maxWaitingBytes(): number {
    return this.#tws.switches.maxUnreadBytes
  }

  get areNone(): boolean {
    return this.#armed.size === 0
  }

  /** Arms a fault; its id is to disarm it. `seed` decides what it leaves to chance. */
  arm({ name, fault, trigger }: FaultPlan, seed = 1): number {
    const id = this.#nextId++
    const { client } = trigger.on
    const lines = () => [...this.#lines].filter((line) => isMet({ client }, connectionOf(line)))
    const scene = { tws: this.#tws, random: seededRandom(hashOf(seed, id)), lines }
    const armed = new ArmedFault(fault, trigger, scene)
    this.#armed.set(id, { name, armed })
    armed.start()
    return id
  }

  /** Ends a fault for good; false when there is none of that id. */
  disarm(id: number): boolean {
    const found = this.#armed.get(id)
    found?.armed.stop()
    return this.#armed.delete(id)
  }

  disarmAll(): void {
    for (const id of [...this.#armed.keys()]) this.disarm(id)
  }

  report(): FaultReport[] {
    return [...this.#armed].map(([id, { name, armed }]) => {
      const { isOn, strikes } = armed
      return { id, fault: name, isOn, strikes }
    })
  }

  /** The line of a new connection. */
  line(client: Client, wire: Wire): FaultyLine {
    const line = new FaultyLine({ faults: this, client, wire })
    this.#lines.add(line)
    return line
  }

  /** A connection has come: it is refused, or met by whatever waits for it. */
  came(line: FaultyLine): void {
    if (!this.#tws.door.isOpen) line.reset()
    else for (const armed of this.#all) armed.meet(line)
  }

  /** A line is no more: closed, or broken. */
  left(line: FaultyLine, isBroken: boolean): void {
    this.#lines.delete(line)
    if (isBroken && line.client.id !== null) this.#lostAt.set(line.client.id, this.#tws.now())
  }

  /** Whether a connection of this client id was broken within so long of market time. */
  wasLost(clientId: number, withinMs: number): boolean {
    const lostAt = this.#lostAt.get(clientId)
    return lostAt !== undefined && this.#tws.now() - lostAt < withinMs
  }

  hear(request: Spoken): boolean {
    return this.#all.every((armed) => armed.hear(request))
  }

  /** What leaves in place of a message. The first fault that meets it decides. */
  say(message: Spoken, bytes: Buffer): readonly Outgoing[] {
    if (message.line.asked.isSilenced(message.about.requestId) && message.about.name !== 'error') return []
    return firstOf(this.#all, (armed) => armed.say(message, bytes)) ?? [atOnce(bytes)]
  }

  /** The pieces in which a frame of a message travels. */
  carry(message: Spoken, bytes: Buffer): readonly Outgoing[] {
    return firstOf(this.#all, (armed) => armed.carry(message, bytes)) ?? [atOnce(bytes)]
  }

  get #all(): ArmedFault[] {
    return [...this.#armed.values()].map(({ armed }) => armed)
  }
}

function firstOf<From, To>(items: readonly From[], find: (item: From) => To | null): To | null {
  for (const item of items) {
    const found = find(item)
    if (found !== null) return found
  }
  return null
}
