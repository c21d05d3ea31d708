import type { BarSize } from '../market/barSize.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'
import type { Level } from '../strategy/decision.ts'
import type { PivotBreakoutParameters } from '../strategy/parameters.ts'
import type { PresetName } from '../strategy/presets.ts'
import type { AccountValues } from './broker.ts'
import type { JournalledDecision } from './decisions.ts'
import type { BookedExecution } from './executions.ts'
import type { Intent } from './intents.ts'
import type { PageBefore } from './page.ts'
import type { TraderCause, TraderLevel, TraderSettings, TraderState } from './traders.ts'

/** Of what we hold and did: when it was so, and whether the broker's books said the same within the last minute. */
interface Standing {
  readonly asOf: EpochMs
  readonly isReconciled: boolean
}

export interface HeldPosition {
  readonly symbol: string
  /** Shares; negative when more was sold than held, which halts the trader. */
  readonly quantity: number
  /** Null unless long. */
  readonly averagePrice: number | null
  readonly openedAt: EpochMs
  /** The newest stored price; null before there is one. */
  readonly price: number | null
  readonly unrealizedPnl: number | null
  /** Where the stop at the broker rests; null without one. */
  readonly protectiveStop: number | null
}

/** A closed round trip. Money that depends on a commission which the broker has not told is null. */
export interface ClosedTrade {
  readonly symbol: string
  readonly entryTime: EpochMs
  readonly entryPrice: number
  readonly entryReason: string
  readonly exitTime: EpochMs
  readonly exitPrice: number
  readonly exitReason: string
  readonly quantity: number
  readonly grossPnl: number
  readonly commission: number | null
  readonly netPnl: number | null
  readonly returnPct: number | null
}

/** Its ordinal counts from the oldest. */
export type NumberedTrade = ClosedTrade & { readonly ordinal: number }

/** The account that is traded. Values are null in a process that is not connected. */
export interface TradedAccount extends AccountValues {
  readonly accountType: 'paper' | 'live'
  /** The exchange's date and the first equity of the day, which the limit on its loss counts from. */
  readonly day: { readonly date: string; readonly startEquity: number } | null
}

export interface TraderView {
  readonly state: TraderState
  /** Why it is not active, in a sentence. */
  readonly reason: string | null
  readonly cause: TraderCause
  /** Of the level. */
  readonly since: EpochMs
  /** Everything ours is being closed, or everything at the broker cancelled. */
  readonly isFlattening: boolean
  readonly isPanicking: boolean
  /** What may be traded at all: the setting TRADING. */
  readonly mode: 'off' | 'paper' | 'live'
  readonly account: string | null
  readonly settings: TraderSettings
  /** Candles that the indicators have, and need; null in a process that does not trade. */
  readonly warmup: { readonly have: number; readonly need: number } | null
  /** After the newest decision. */
  readonly levels: {
    readonly breakout: Level | null
    readonly swingLow: Level | null
    readonly movingAverage: number | null
    readonly stop: number | null
  }
  readonly position: HeldPosition | null
  readonly lastDecision: JournalledDecision | null
  readonly version: number
}

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** What a preset or the current strategy gives where it is left out. */
export type StrategyChange = Loose<PivotBreakoutParameters> & { readonly preset?: PresetName | undefined }

export interface TraderOrder {
  readonly state?: TraderLevel | undefined
  readonly strategy?: StrategyChange | undefined
  /** A live account is armed by its id. */
  readonly account?: string | undefined
}

/** Why a replay and what was done live differ: the candles, the moment of acting, the fills, what the trader was allowed. */
export type ParityCause = 'data' | 'timing' | 'fill' | 'state'

export interface ParityDifference {
  readonly kind: 'decision' | 'fill'
  /** The candle decided on. */
  readonly time: EpochMs
  /** Null when nothing explains it: a defect. */
  readonly cause: ParityCause | null
  readonly detail: string
}

export interface ParityFill {
  /** The candle decided on; of a protective stop the one in which it was touched. */
  readonly time: EpochMs
  readonly purpose: 'entry' | 'exit' | 'stop'
  readonly quantity: number
  readonly live: { readonly time: EpochMs; readonly price: number } | null
  readonly replay: { readonly time: EpochMs; readonly price: number } | null
}

/** A past day's decisions and fills against those of its replay. */
export interface ParityReport {
  readonly date: string
  readonly symbol: string
  readonly size: BarSize
  /** Closed candles of the day's session that were compared. */
  readonly decisions: number
  readonly fills: readonly ParityFill[]
  readonly differences: readonly ParityDifference[]
  readonly causes: Readonly<Record<ParityCause, number>>
}

/** What the API asks of trading: any process answers from what is stored, and commands go through the trader's row. */
export interface Trading {
  standing(): Standing
  positions(): Promise<HeldPosition[]>
  /** Newest first. */
  orders(page: PageBefore): Promise<Intent[]>
  executions(page: PageBefore): Promise<BookedExecution[]>
  /** Newest first. */
  trades(page: PageBefore): Promise<NumberedTrade[]>
  accounts(): Promise<TradedAccount[]>
  trader(): Promise<TraderView>
  /** Rejects with `refused` what the settings do not allow, and with `conflict` what the state does not. */
  change(order: TraderOrder): Promise<TraderView>
  /** Closes what we own, then halts. */
  flatten(): Promise<TraderView>
  /** Cancels every order at the broker, those of people too, and halts. */
  panic(): Promise<TraderView>
  /** Oldest first. */
  decisions(symbol: string | undefined, range: TimeRange, limit: number): Promise<JournalledDecision[]>
  /** Of the last closed session when no date is given. Rejects with `refused` for a day without a closed session. */
  parity(date: string | undefined): Promise<ParityReport>
}
