import { parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import { FAULT_SCHEMA, planOf } from '../../src/simulator/faults/scenario.ts'
import type { Message } from '../../src/simulator/fields.ts'
import type { Tws } from '../../src/simulator/tws.ts'
import { VirtualClock } from '../soak/virtualClock.ts'
import { type HistoryWish, historyRequest, RawClient, type TerminalSetup, terminal } from './rawClient.ts'

/** What a scenario says of a fault, but for its name. */
export type Terms = Readonly<Record<string, unknown>>

/** A terminal and its clients whose time passes only when it is told to: market and machine have one clock. */
export class Stage {
  readonly clock: VirtualClock
  readonly tws: Tws

  constructor({ now = '2024-06-03T15:00:00Z', ...setup }: TerminalSetup = {}) {
    this.clock = new VirtualClock(parseInstant(now))
    this.tws = terminal({ ...setup, clock: this.clock, machine: this.clock })
  }

  /** Arms a fault, and lets it begin if it is to begin at once. */
  async arm(fault: string, terms: Terms = {}): Promise<number> {
    const id = this.tws.faults.arm(planOf(FAULT_SCHEMA.parse({ fault, ...terms })), 1)
    await this.pass(0)
    return id
  }

  /** A client that has connected, and forgotten what the server said to that. */
  client(id = 1): RawClient {
    return new RawClient(this.tws).open(193, id)
  }

  pass(seconds: number): Promise<void> {
    return this.clock.runUntil(plus(this.clock.now(), seconds * SECOND_MS))
  }

  /** Sends, lets a moment pass, and reads what has come. */
  async ask(client: RawClient, ...message: Message): Promise<string[][]> {
    client.send(...message)
    await this.pass(0.001)
    return client.received()
  }

  /** The answer to a request for the last minute of SPY. */
  async history(client: RawClient, wish: HistoryWish = {}): Promise<string[][]> {
    return this.ask(client, ...historyRequest(wish))
  }
}
