import type { Client } from '../client.ts'
import type { Wire } from '../connection.ts'
import { type About, ANSWERS, aboutOf, REQUESTS } from '../kinds.ts'
import { AskedFor } from './askedFor.ts'
import { atOnce, type Spoken } from './fault.ts'
import type { Faults } from './faults.ts'
import { PacedWriter } from './pacedWriter.ts'

/** So long the last bytes before a break have to leave: a reset throws away what the kernel still holds. */
const BREAK_MS = 20

const FIRST_WORDS: About = { name: 'hello', requestId: null, symbol: null, action: null, orderType: null }

export interface LineDeps {
  readonly faults: Faults
  readonly client: Client
  readonly wire: Wire
}

/** The way between one connection and its wire, on which everything can go wrong. */
export class FaultyLine {
  readonly client: Client
  readonly asked = new AskedFor()
  readonly #faults: Faults
  readonly #wire: Wire
  readonly #paced: PacedWriter
  /** What has come while nothing may pass, and who is to be told of it. */
  readonly #held: Buffer[] = []
  #heldBytes = 0
  #receive: ((chunk: Buffer) => void) | null = null
  #isStalled = false
  /** Frames that have been given to the wire, and how many it takes before it falls silent. */
  #frames = 0
  #framesMost = Number.POSITIVE_INFINITY
  #isClosed = false
  #isBroken = false

  constructor({ faults, client, wire }: LineDeps) {
    this.client = client
    this.#faults = faults
    this.#wire = wire
    this.#paced = new PacedWriter(faults.machine, wire)
  }

  came(): void {
    this.#faults.came(this)
  }

  /** A frame of the server. */
  write(bytes: Buffer): void {
    if (this.#isClosed) return
    if (this.#faults.areNone) this.#put(bytes, null)
    else this.#say(this.#spoken(ANSWERS, fieldsOf(bytes)), bytes)
  }

  /** False when a fault has taken the request. */
  hears(fields: readonly string[]): boolean {
    const request = this.#spoken(REQUESTS, fields)
    this.asked.remember(request.about)
    return this.#faults.areNone || this.#faults.hear(request)
  }

  /** Closes once everything has left. */
  end(): void {
    this.#paced.end()
  }

  /** Breaks the connection, as a crash does: what has not left is lost. */
  reset(): void {
    this.#isBroken = true
    this.#paced.drop()
    this.#wire.reset()
  }

  /** Writes the last bytes, and breaks the connection once they have left. */
  breakAfter(bytes: Buffer): void {
    this.#paced.write(atOnce(bytes))
    this.#faults.machine.after(BREAK_MS, () => this.#isClosed || this.reset())
  }

  /** Nothing leaves any more but the first `frames`; what comes is heard. */
  fallSilentAfter(frames: number): void {
    this.#framesMost = frames
  }

  /** What leaves within `delayMs` travels as one piece. */
  gather(delayMs: number): void {
    this.#paced.gather(delayMs)
  }

  /** Nothing passes any more, in either direction, and nobody is told. */
  stall(): void {
    this.#isStalled = true
    this.#paced.hold()
  }

  /** What was held back passes. */
  resume(): void {
    this.#isStalled = false
    this.#paced.release()
    this.#heldBytes = 0
    for (const chunk of this.#held.splice(0)) this.#receive?.(chunk)
  }

  /** True when the bytes that have come must wait for `resume`. */
  isHeld(chunk: Buffer, receive: (chunk: Buffer) => void): boolean {
    if (!this.#isStalled) return false
    this.#held.push(chunk)
    this.#receive = receive
    this.#heldBytes += chunk.length
    this.#limit(this.#heldBytes)
    return true
  }

  /** The wire is gone; `isBroken` when nobody closed it. */
  closed(isBroken: boolean): void {
    this.#isClosed = true
    this.#held.length = 0
    this.#paced.drop()
    this.#faults.left(this, isBroken || this.#isBroken)
  }

  #say(message: Spoken, bytes: Buffer): void {
    for (const out of this.#faults.say(message, bytes))
      if (out.delayMs === 0) this.#put(out.bytes, message)
      else this.#faults.machine.after(out.delayMs, () => this.#isClosed || this.#put(out.bytes, message))
  }

  #put(bytes: Buffer, message: Spoken | null): void {
    if (this.#frames++ >= this.#framesMost) return
    const pieces = message === null ? [atOnce(bytes)] : this.#faults.carry(message, bytes)
    for (const piece of pieces) this.#paced.write(piece)
    this.#limit(this.#paced.waitingBytes)
  }

  /** What waits must not fill our memory. */
  #limit(bytes: number): void {
    if (bytes > this.#faults.maxWaitingBytes) this.reset()
  }

  #spoken(kinds: typeof ANSWERS, fields: readonly string[]): Spoken {
    const isHello = kinds === ANSWERS && this.#frames === 0
    return { about: isHello ? FIRST_WORDS : aboutOf(kinds, fields), fields, line: this }
  }
}

/** A message as its fields, from its frame. */
export const fieldsOf = (frame: Buffer): string[] => frame.toString('utf8', 4).split('\0').slice(0, -1)
