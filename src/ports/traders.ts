import type { ExecutionParameters, Sizing } from '../execution/parameters.ts'
import type { BarSize } from '../market/barSize.ts'
import type { SessionKind } from '../market/session.ts'
import type { EpochMs } from '../market/time.ts'
import type { PivotBreakoutParameters } from '../strategy/parameters.ts'

/** What may be done (reliability, kill levels): `reducing` closes and never opens, `halted` does neither. */
export type TraderLevel = 'off' | 'active' | 'reducing' | 'halted'

/** What the trader shows: `warming` is active before its indicators are ready. */
export type TraderState = TraderLevel | 'warming'

/** Checked in the transaction of each intent, the worst case counted: position, working and unresolved orders. */
export interface TradingLimits {
  /** Shares of one symbol. */
  readonly maxPosition: number
  /** In the account's currency, of one order and of everything held and ordered. */
  readonly maxOrderNotional: number
  readonly maxGrossNotional: number
  readonly ordersPerMinute: number
  readonly ordersPerDay: number
  readonly entriesPerMinute: number
  readonly entriesPerDay: number
  /** So many rejects or round trips within half an hour make it `reducing`, until a person says otherwise. */
  readonly rejectsBeforeReducing: number
  readonly roundTripsBeforeReducing: number
  /** Per cent of the day's first equity; then it is flattened once, and halted. */
  readonly maxDailyLossPct: number
  /** Per cent that the newest price may lie from the close that was decided on. */
  readonly maxPriceDistancePct: number
  /** How old things may be for an entry, in milliseconds of market time. */
  readonly maxBarAgeMs: number
  readonly maxDecisionAgeMs: number
  readonly maxReconcileAgeMs: number
  readonly maxClockSkewMs: number
  /** How long an intent to enter may be under way before it is given up. */
  readonly entryLifeMs: number
  /** Available funds must be so many times the notional. */
  readonly fundsFactor: number
  /** Entries so soon after the open and so shortly before the close are left out; 0 for none (strategy, F6). */
  readonly afterOpenMs: number
  readonly beforeCloseMs: number
}

export interface TraderSettings {
  readonly symbol: string
  readonly size: BarSize
  readonly session: SessionKind
  readonly strategy: PivotBreakoutParameters
  readonly sizing: Sizing
  readonly limits: TradingLimits
  /** For the replay that parity compares with; orders themselves fill as the broker fills them. */
  readonly execution: ExecutionParameters
  /** What becomes of a position found at the start that is not ours by its orderRef, and of foreign orders. */
  readonly foreign: 'refuse' | 'adopt' | 'ignore'
}

/** Who or what has set the level. After a `panic` nothing is ordered, not even a stop, until a person sets another. */
export type TraderCause = 'person' | 'limit' | 'fault' | 'start' | 'panic'

/** The one row that every intent's transaction locks: what it says holds at the commit. */
export interface Trader {
  readonly level: TraderLevel
  /** Close what is ours once, then be halted. */
  readonly isFlattening: boolean
  /** Cancel every order at the broker once, those of people too, then be halted. */
  readonly isPanicking: boolean
  readonly reason: string | null
  readonly cause: TraderCause
  /** Market time. */
  readonly since: EpochMs
  readonly settings: TraderSettings
  /** The account it trades; null before the first session. */
  readonly account: string | null
  /** No order id up to this one is ever used again. */
  readonly lastOrderId: number
  /** The first candle that this trader was ever warmed up with: where a replay begins. */
  readonly warmedFrom: EpochMs | null
  /** The day's first equity, for the limit on its loss. */
  readonly day: { readonly date: string; readonly startEquity: number } | null
  /** Rises with every change. */
  readonly version: number
}

export type TraderChange = Partial<Omit<Trader, 'version'>>

export interface TraderStore {
  /** Null before the first start. */
  find(): Promise<Trader | null>
  /** The same, locked until the end of the surrounding transaction. */
  lock(): Promise<Trader | null>
  /** Rejects with `conflict` when there is one already. */
  create(trader: Omit<Trader, 'version'>): Promise<Trader>
  /** To be called with the row locked. Rejects with `missing` before there is one. */
  change(fields: TraderChange): Promise<Trader>
  /** Enters a start, and counts those at `since` or later with it: a crash loop shows here. Market times. */
  recordStart(at: EpochMs, since: EpochMs): Promise<number>
}
