import { conflict } from '../../src/errors.ts'
import type { Dial } from '../../src/gateway/duplex.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { IbBroker } from '../../src/gateway/ibBroker.ts'
import type { Log } from '../../src/log.ts'
import { type Clock, type Random, SECOND_MS } from '../../src/market/time.ts'
import type { Alerts } from '../../src/ports/alerts.ts'
import type { Broker } from '../../src/ports/broker.ts'
import type { HeldLease, Lease } from '../../src/ports/lease.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { TraderSettings } from '../../src/ports/traders.ts'
import type { ClosedCandles } from '../../src/trading/closedCandles.ts'
import { KillLatch } from '../../src/trading/killLatch.ts'
import type { TraderStanding } from '../../src/trading/standing.ts'
import { runTrader } from '../../src/trading/trader.ts'
import type { TraderDeps } from '../../src/trading/traderDeps.ts'
import { Mortal, type Reaper } from './mortal.ts'

export const CLIENT_ID = 17
export const SYMBOL = 'SPY'

/** What lies outside of a process, and outlives it. */
export interface Outside {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly alerts: Alerts
  readonly stores: Stores
  readonly lease: Lease
  readonly dial: Dial
  readonly candles: (clock: Clock) => ClosedCandles
  readonly latestSecond: TraderDeps['latestSecond']
  readonly settings: TraderSettings
  readonly seams: Seams
  readonly clientId: () => number
}

/** Where a bug of our own can be put in, to see that it is found. */
export interface Seams {
  readonly absenceMs?: number
  readonly stores: (stores: Stores) => Stores
  readonly broker: (broker: Broker) => Broker
}

/** How often a process that does not lead tries to. */
const TRY_EVERY_MS = 2 * SECOND_MS

/** One process of the service, the trading half of it: leads when it can, and dies when it is told to. */
export class Process {
  readonly mortal: Mortal
  readonly latch = new KillLatch()
  standing: TraderStanding | null = null
  /** The lease it holds. */
  held: HeldLease | null = null
  gateway: Gateway | null = null
  readonly #outside: Outside
  readonly #ended = new AbortController()

  constructor(outside: Outside, reaper: Reaper) {
    this.#outside = outside
    this.mortal = new Mortal(reaper)
    this.mortal.onDeath(() => {
      this.standing = null
      this.gateway = null
    })
  }

  get isLeading(): boolean {
    return this.held !== null && !this.held.lost.aborted && !this.mortal.isDead
  }

  /** Ends with the process. */
  async run(): Promise<void> {
    const { lease } = this.#outside
    const clock = this.mortal.clock(this.#outside.clock)
    while (!this.#ended.signal.aborted) {
      const held = await this.mortal.call('lease', () => lease.tryAcquire())
      if (held !== null) await this.#lead(held, clock)
      await clock.sleep(TRY_EVERY_MS, this.#ended.signal).catch(() => {})
    }
  }

  /** In good order. */
  stop(): void {
    this.#ended.abort(new Error('the process ends'))
  }

  async #lead(held: HeldLease, clock: Clock): Promise<void> {
    const { alerts, log, random } = this.#outside
    const failed = new AbortController()
    const ended = AbortSignal.any([this.#ended.signal, held.lost, failed.signal])
    this.held = held
    const dial = this.mortal.dial(this.#outside.dial)
    const address = { host: 'tws', port: 4002, clientId: this.#outside.clientId(), dial }
    const gateway = new Gateway({ address, market: clock, machine: clock, random, alerts, log })
    this.gateway = gateway
    const parts = [gateway.run(ended), runTrader(this.#trader(held, gateway, address.clientId, clock), ended)]
    const fail = (error: unknown) => {
      if (!ended.aborted) log.warn({ error: String(error), stack: (error as Error).stack }, 'a part failed')
      failed.abort(error)
    }
    await Promise.all(parts.map((part) => part.then(() => failed.abort(), fail)))
    this.held = null
    this.standing = null
    this.gateway = null
    await held.release()
  }

  #trader(held: HeldLease, gateway: Gateway, clientId: number, clock: Clock): TraderDeps {
    const { seams, settings, random, alerts, log, candles, latestSecond } = this.#outside
    const stores = seams.stores(this.mortal.stores(fenced(this.#outside.stores, held)))
    const broker = new IbBroker({ gateway, clientId, account: null, market: clock, machine: clock, log })
    return {
      ...{ stores, alerts, log, random, build: 'simulated', latch: this.latch, latestSecond },
      broker: seams.broker(broker),
      ...(seams.absenceMs !== undefined && { absenceMs: seams.absenceMs }),
      candles: candles(clock),
      market: clock,
      machine: clock,
      reign: { epoch: held.epoch, isHeld: () => !held.lost.aborted },
      accounts: { kind: 'paper' },
      first: { level: 'active', settings },
      clockSkewMs: () => gateway.status().clockSkewMs,
      onStanding: (standing) => {
        if (!this.mortal.isDead) this.standing = standing
      },
      onNudge: () => {},
    }
  }
}

/** What a process writes after it has lost the lease is refused, as the database's fence does. */
const fenced = (stores: Stores, { lost }: HeldLease): Stores => ({
  ...stores,
  transaction: (work) =>
    stores.transaction(async (tx) => {
      if (lost.aborted) throw conflict('another process leads')
      return work(tx)
    }),
})
