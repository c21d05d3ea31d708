import type { Log } from '../log.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import type { Account } from './account.ts'
import type { Client } from './client.ts'
import type { MarketSource } from './market.ts'
import { SmallBarPacing } from './pacing.ts'
import { type LimitRule, Violations } from './violations.ts'

/** What IB leaves open, or what a test wants otherwise. */
export interface Switches {
  /** Limits enforced as IB does (162), or only counted. */
  readonly pacing: 'strict' | 'off'
  /** 50 messages a second enforced (100), or not counted. */
  readonly messageRate: 'strict' | 'off'
  /** Bars of 30 seconds and less are gone after six months. */
  readonly smallBarsExpire: boolean
  /** How long a request for historical data takes, in real milliseconds. */
  readonly historyDelayMs: number
  /** What a client may leave unread before it is dropped: one that does not read must not fill our memory. */
  readonly maxUnreadBytes: number
}

export const DEFAULT_SWITCHES: Switches = {
  pacing: 'strict',
  messageRate: 'strict',
  smallBarsExpire: true,
  historyDelayMs: 0,
  maxUnreadBytes: 32 * 1024 * 1024,
}

export interface TwsDeps {
  readonly market: MarketSource
  /** The market's clock: prices, limits, every time on the wire. */
  readonly clock: Clock
  /** The machine's clock: messages a second, delays. */
  readonly machine: Clock
  readonly account: Account
  readonly switches: Switches
  readonly log: Log
}

/** The terminal that all clients share: who is connected, and what they have asked for so far. */
export class Tws {
  readonly market: MarketSource
  readonly clock: Clock
  readonly machine: Clock
  readonly account: Account
  readonly switches: Switches
  readonly log: Log
  /** Clients that have sent startApi, by client id. */
  readonly clients = new Map<number, Client>()
  readonly pacing = new SmallBarPacing()
  readonly violations = new Violations()
  messages = 0
  historical = 0

  constructor({ market, clock, machine, account, switches, log }: TwsDeps) {
    this.market = market
    this.clock = clock
    this.machine = machine
    this.account = account
    this.switches = switches
    this.log = log
  }

  now(): EpochMs {
    return this.clock.now()
  }

  violated(rule: LimitRule, client: Client, detail: string): void {
    const violation = { rule, time: this.now(), clientId: client.id, detail }
    this.violations.record(violation)
    this.log.warn(violation, 'a client broke a limit')
  }
}
