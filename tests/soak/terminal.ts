import type { Dial } from '../../src/gateway/duplex.ts'
import type { Clock, EpochMs, Random } from '../../src/market/time.ts'
import { Connection } from '../../src/simulator/connection.ts'
import type { Fault } from '../../src/simulator/faults/fault.ts'
import { fieldsOf } from '../../src/simulator/faults/line.ts'
import { FAULT_SCHEMA, planOf } from '../../src/simulator/faults/scenario.ts'
import type { Trigger } from '../../src/simulator/faults/trigger.ts'
import type { Tws } from '../../src/simulator/tws.ts'
import { Line, type ServerEnd } from './line.ts'
import type { Trace } from './trace.ts'

export interface TerminalDeps {
  readonly tws: Tws
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  /** Messages that never reach the client, as if it had not understood them. */
  readonly isLost: (fields: readonly string[]) => boolean
}

const HISTORICAL_DATA = '20'
/** A request may be under way when its client is told that the link is lost. */
const NOTICE_MS = 3_000

/** A simulated TWS at the end of lines in memory, and what can break of it. */
export class Terminal {
  /** Requests sent although the client had been told that the link is lost. */
  askedWhileLost = 0
  readonly #deps: TerminalDeps
  readonly #lines = new Set<Line>()
  /** Ends of the spans of which it was said that they hold no data. */
  readonly #denied = new Set<string>()
  /** When the link to IB was lost, and what restores it: a client that comes anew finds it whole. */
  #loss: { readonly at: EpochMs; readonly end: () => void } | null = null

  constructor(deps: TerminalDeps) {
    this.#deps = deps
    this.#arm('not understood', { kind: 'strike', say: ({ fields }) => (deps.isLost(fields) ? [] : null) })
  }

  get lines(): number {
    return this.#lines.size
  }

  readonly dial: Dial = () => {
    const { clock, random } = this.#deps
    const line = new Line({ clock, random, latencyMs: () => 1 + random() * 30 })
    clock.after(2 + random() * 10, () => this.#accept(line))
    return line.client
  }

  /** Arms a fault of the simulator, as a scenario would say it. What it returns takes it away. */
  arm(fault: string, terms: object = {}): () => void {
    const plan = planOf(FAULT_SCHEMA.parse({ fault, ...terms }))
    return this.#arm(plan.name, fault === 'noData' ? this.#deniedOnce(plan.fault) : plan.fault, plan.trigger)
  }

  /** The link to IB is lost, and restored by what it returns. */
  loseLink(restored: 1101 | 1102 | null): () => void {
    const lift = this.arm('linkLost', { with: { restored, repeatSeconds: 3_600 } })
    const end = (): void => {
      if (this.#loss?.end === end) this.#loss = null
      lift()
    }
    this.#loss = { at: this.#deps.clock.now(), end }
    return end
  }

  /** Ends every connection as a broken one. */
  reset(): void {
    for (const line of [...this.#lines]) this.#close(line, 'read ECONNRESET')
  }

  /** Every connection falls silent, and nobody is told. */
  stall(): void {
    for (const line of this.#lines) line.isStalled = true
  }

  #arm(name: string, fault: Fault, trigger = ALWAYS): () => void {
    const { tws, random } = this.#deps
    const id = tws.faults.arm({ name, fault, trigger }, Math.floor(random() * 2 ** 31))
    return () => void tws.faults.disarm(id)
  }

  /** One time is never denied twice: that would be the proof that nothing lies there. */
  #deniedOnce(fault: Fault): Fault {
    return {
      ...fault,
      say: (message, bytes, scene) => {
        const to = message.fields[3]!
        if (this.#denied.has(to)) return null
        this.#denied.add(to)
        return fault.say!(message, bytes, scene)
      },
    }
  }

  #accept(line: Line): void {
    if (line.client.isClosed) return
    if (!this.#deps.tws.door.isOpen) {
      line.client.lose('connect ECONNREFUSED')
      return
    }
    this.#lines.add(line)
    this.#loss?.end()
    line.client.emit('connect')
    line.server = this.#serve(line)
  }

  #serve(line: Line): ServerEnd {
    const { tws, trace } = this.#deps
    const connection: Connection = new Connection(tws, {
      write: (bytes) => {
        trace.add('out', bytes)
        line.send(bytes)
      },
      end: () => this.#close(line, null),
      reset: () => this.#close(line, 'read ECONNRESET'),
    })
    return {
      receive: (data) => this.#receive(connection, data),
      closed: () => {
        connection.closed()
        this.#lines.delete(line)
      },
    }
  }

  #receive(connection: Connection, data: Buffer): void {
    this.#deps.trace.add('in', data)
    if (fieldsOf(data)[0] === HISTORICAL_DATA && this.#isLinkKnownLost()) this.askedWhileLost++
    connection.receive(data)
  }

  #isLinkKnownLost(): boolean {
    return this.#loss !== null && this.#deps.clock.now() - this.#loss.at > NOTICE_MS
  }

  #close(line: Line, error: string | null): void {
    this.#lines.delete(line)
    line.close(error)
  }
}

const ALWAYS: Trigger = {
  ...{ on: {}, at: null, afterMs: 0, lastsMs: null, everyMs: null, nth: 1 },
  ...{ times: Number.POSITIVE_INFINITY, probability: 1 },
}
