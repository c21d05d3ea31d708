import type { Log } from '../log.ts'
import type { Instrument } from '../market/instrument.ts'
import type { Clock, EpochMs, Random } from '../market/time.ts'
import type { Alerts } from '../ports/alerts.ts'
import type { Broker } from '../ports/broker.ts'
import type { Stores } from '../ports/stores.ts'
import type { TraderLevel, TraderSettings } from '../ports/traders.ts'
import type { ClosedCandles } from './closedCandles.ts'
import type { KillLatch } from './killLatch.ts'
import type { TraderStanding } from './standing.ts'

/** Paper accounts alone, or this live one, named and armed by a person. */
export type AccountPolicy = { readonly kind: 'paper' } | { readonly kind: 'live'; readonly account: string }

/** The newest second that is stored. */
export interface LatestSecond {
  readonly time: EpochMs
  readonly close: number
}

/** The lease as the trader sees it: the fencing token, and whether it can be relied on at this very moment. */
export interface HeldReign {
  readonly epoch: number
  isHeld(): boolean
}

export interface TraderDeps {
  readonly stores: Stores
  readonly broker: Broker
  readonly candles: ClosedCandles
  /** Ages, sessions, candle closes. */
  readonly market: Clock
  /** Round trips, waits for an answer, looks at the trader's row. */
  readonly machine: Clock
  /** For ids. */
  readonly random: Random
  readonly reign: HeldReign
  readonly accounts: AccountPolicy
  /** What a trader begins with that has never run; later starts keep what is stored. */
  readonly first: { readonly level: TraderLevel; readonly settings: TraderSettings }
  /** How long an order must be absent from the broker's books to be taken for one that never arrived; a minute if not said. */
  readonly absenceMs?: number
  /** Identifies the code that makes an intent. */
  readonly build: string
  readonly latch: KillLatch
  readonly alerts: Alerts
  readonly log: Log
  latestSecond(instrument: Instrument): Promise<LatestSecond | null>
  /** How far TWS's clock is ahead of the market's; null before it was told. */
  clockSkewMs(): number | null
  /** Told whenever something that is shown has changed. */
  onStanding(standing: TraderStanding): void
  /** Told of a function that makes the trader look at its row at once, and of null when it has ended. */
  onNudge(nudge: (() => void) | null): void
}

/** Trades until the signal is aborted. Rejects on a defect, and when what is stored makes no sense. */
export type RunTrader = (deps: TraderDeps, signal: AbortSignal) => Promise<void>
