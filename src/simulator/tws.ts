import type { Log } from '../log.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import type { Account } from './account.ts'
import { Books } from './accounts/books.ts'
import { type Prices, pricesOf } from './accounts/prices.ts'
import type { Client } from './client.ts'
import { loseData } from './competing.ts'
import { Door } from './door.ts'
import type { Outage } from './farms.ts'
import { Faults } from './faults/faults.ts'
import { type Days, daysOf } from './history/days.ts'
import type { MarketSource } from './market.ts'
import { OrderIds } from './orderIds.ts'
import { announce } from './orders/announce.ts'
import { Desk } from './orders/desk.ts'
import { Floor } from './orders/floor.ts'
import { Protection } from './orders/protection.ts'
import { SmallBarPacing } from './pacing.ts'
import type { Switches } from './switches.ts'
import { NewSubscriptions } from './ticks/newSubscriptions.ts'
import { noRecorder, type Recorder } from './transcript/recorder.ts'
import { Turns } from './turns.ts'
import { type LimitRule, Violations } from './violations.ts'

export interface TwsDeps {
  readonly market: MarketSource
  /** The market's clock: prices, limits, every time on the wire. */
  readonly clock: Clock
  /** The machine's clock: messages a second, delays. */
  readonly machine: Clock
  /** At least one. */
  readonly accounts: readonly Account[]
  readonly switches: Switches
  readonly log: Log
  /** Nothing is recorded when left out. */
  readonly recorder?: Recorder
}

/** The terminal that all clients share: who is connected, and what they have asked for so far. */
export class Tws {
  readonly market: MarketSource
  readonly clock: Clock
  readonly machine: Clock
  readonly turns: Turns
  readonly log: Log
  readonly recorder: Recorder
  readonly books: Books
  readonly prices: Prices
  readonly days: Days
  readonly orderIds: OrderIds
  readonly floor: Floor
  readonly desk: Desk
  readonly protection: Protection
  /** Clients that have sent startApi, by client id. */
  readonly clients = new Map<number, Client>()
  readonly pacing = new SmallBarPacing()
  readonly realTimeBars = new NewSubscriptions()
  readonly violations = new Violations()
  readonly faults = new Faults(this)
  /** What is out of reach now. */
  readonly outages = new Set<Outage>()
  /** Whether new connections are let in. */
  readonly door = new Door()
  /** Turned by `turn` alone. */
  switches: Switches
  messages = 0
  historical = 0

  constructor({ market, clock, machine, accounts, switches, log, recorder = noRecorder }: TwsDeps) {
    this.market = market
    this.clock = clock
    this.machine = machine
    this.turns = new Turns(machine)
    this.books = new Books(accounts)
    this.prices = pricesOf(market, () => this.now())
    this.days = daysOf(market)
    this.orderIds = new OrderIds(accounts)
    this.floor = new Floor(this)
    this.desk = new Desk(this)
    this.protection = new Protection(this)
    announce(this)
    this.switches = switches
    this.log = log
    this.recorder = recorder
  }

  now(): EpochMs {
    return this.clock.now()
  }

  /** Whether TWS has lost IB, as far as a client can tell. */
  isCutOff(client: Client): boolean {
    return [...this.outages].some(({ of, concerns }) => of === 'link' && concerns(client))
  }

  /** Turns some of the switches. What runs on live data ends when another session takes them. */
  turn(switches: Partial<Switches>): void {
    this.switches = { ...this.switches, ...switches }
    if (switches.competingSession) for (const client of this.clients.values()) loseData(client)
  }

  violated(rule: LimitRule, client: Client, detail: string): void {
    const violation = { rule, time: this.now(), clientId: client.id, detail }
    this.violations.record(violation)
    client.counts.violations++
    this.log.warn(violation, 'a client broke a limit')
  }
}
