import type { Dial } from '../../src/gateway/duplex.ts'
import type { Clock, Random } from '../../src/market/time.ts'
import { Connection } from '../../src/simulator/connection.ts'
import { fieldsOf } from '../../src/simulator/faults.ts'
import { error, NO_ID } from '../../src/simulator/messages.ts'
import type { Tws } from '../../src/simulator/tws.ts'
import { type Condition, healthy } from './condition.ts'
import { Line, type ServerEnd } from './line.ts'
import { Outbox } from './outbox.ts'
import type { Trace } from './trace.ts'

export interface TerminalDeps {
  readonly tws: Tws
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  readonly isLost: (fields: readonly string[]) => boolean
}

const START_API = '71'
const ID_IN_USE = {
  code: 326,
  text: 'Unable to connect as the client id is already in use. Retry with a unique client id.',
}
/** A request may be under way when its client is told that the link is lost. */
const NOTICE_MS = 3_000

/** A simulated TWS at the end of lines in memory, with everything around it that can break. */
export class Terminal {
  readonly condition: Condition = healthy()
  /** Requests sent although the client had been told that the link is lost. */
  askedWhileLost = 0
  readonly #deps: TerminalDeps
  readonly #outbox: Outbox
  readonly #lines = new Set<Line>()

  constructor(deps: TerminalDeps) {
    this.#deps = deps
    this.#outbox = new Outbox({ ...deps, condition: this.condition })
  }

  get lines(): number {
    return this.#lines.size
  }

  readonly dial: Dial = () => {
    const { clock, random } = this.#deps
    const latencyMs = () => 1 + random() * 30 + this.condition.extraLatencyMs
    const line = new Line({ clock, random, latencyMs })
    clock.after(2 + random() * 10, () => this.#accept(line))
    return line.client
  }

  /** Everything is well again but the link to IB, and the lines that are broken. */
  heal(): void {
    const { linkLostAt } = this.condition
    Object.assign(this.condition, healthy(), { linkLostAt })
  }

  /** Tells every client something that belongs to no request. */
  notify(code: number, text: string): void {
    for (const client of this.#deps.tws.clients.values()) client.send(error(NO_ID, code, text))
  }

  /** Ends every connection; `error` is what their sockets report. */
  drop(error: string | null): void {
    for (const line of [...this.#lines]) this.#close(line, error)
  }

  /** Every connection falls silent, and nobody is told. */
  stall(): void {
    for (const line of this.#lines) line.isStalled = true
  }

  /** Bytes that no message is made of, to every client. */
  babble(bytes: Buffer): void {
    for (const line of this.#lines) line.send(bytes)
  }

  #accept(line: Line): void {
    const { door } = this.condition
    if (line.client.isClosed) return
    if (door.is === 'refusing') {
      line.client.lose('connect ECONNREFUSED')
      return
    }
    this.#lines.add(line)
    this.condition.linkLostAt = null
    line.client.emit('connect')
    if (door.is === 'closing') this.#close(line, null)
    else line.server = this.#serve(line)
  }

  #serve(line: Line): ServerEnd {
    let sent = 0
    const connection: Connection = new Connection(this.#deps.tws, {
      write: (bytes) => this.#outbox.write(line, bytes, sent++),
      end: () => this.#close(line, null),
    })
    return {
      receive: (data) => this.#receive(line, connection, data),
      closed: () => {
        connection.closed()
        this.#lines.delete(line)
      },
    }
  }

  #receive(line: Line, connection: Connection, data: Buffer): void {
    const { tws, trace } = this.#deps
    trace.add('in', data)
    if (this.condition.isIdHeld && fieldsOf(data)[0] === START_API) {
      connection.refuse(NO_ID, ID_IN_USE)
      this.#close(line, null)
      return
    }
    const before = tws.historical
    connection.receive(data)
    if (this.#isLinkKnownLost()) this.askedWhileLost += tws.historical - before
  }

  #isLinkKnownLost(): boolean {
    const { linkLostAt } = this.condition
    return linkLostAt !== null && this.#deps.clock.now() - linkLostAt > NOTICE_MS
  }

  #close(line: Line, error: string | null): void {
    this.#lines.delete(line)
    line.close(error)
  }
}
