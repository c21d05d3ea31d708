import type { BacktestRequest } from '../backtest/request.ts'
import type { CommissionPlan, Sizing } from '../execution/parameters.ts'
import type { BarSize } from '../market/barSize.ts'
import type { Align } from '../market/resample.ts'
import type { SessionKind } from '../market/session.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'
import type { PresetName } from '../strategy/presets.ts'
import type { RunState } from './backfills.ts'

/** What somebody asks for: what is left out takes the preset's value, or the default. */
export interface BacktestOrder extends TimeRange {
  readonly symbol: string
  readonly size?: BarSize | undefined
  readonly session?: SessionKind | undefined
  readonly align?: Align | undefined
  readonly base?: BarSize | undefined
  readonly strategy?:
    | (Loose<BacktestRequest['strategy']> & { readonly preset?: PresetName | undefined })
    | undefined
  readonly execution?:
    | (Loose<BacktestRequest['execution']> & { readonly commission?: CommissionPlan | undefined })
    | undefined
  readonly sizing?: Sizing | undefined
  readonly initialCash?: number | undefined
  readonly force?: boolean | undefined
}

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** A backtest without its trades and columns. Texts are JSON, as they are answered: the same bytes for ever. */
export interface Backtest {
  readonly id: string
  readonly state: RunState
  /** Why it has failed or was cancelled. */
  readonly reason: string | null
  /** Machine time. */
  readonly createdAt: EpochMs
  readonly request: string
  /** Null until it is done. */
  readonly result: string | null
}

/** What a run leaves behind. */
export interface FinishedRun {
  /** JSON: what is answered of the result, but for the trades. */
  readonly result: string
  /** JSON: an array. */
  readonly trades: string
  /** Candles, decisions and equity, compressed. */
  readonly columns: Uint8Array
}

export interface BacktestPage {
  readonly limit: number
  /** Only backtests made before this one. */
  readonly after?: string
}

/**
 * Backtests and what they left behind: queued → running → done | failed | cancelled. One that is open and whose process
 * has not said for ten seconds that it lives has failed.
 */
export interface BacktestStore {
  /** Queued. */
  create(request: string): Promise<Backtest>
  find(id: string): Promise<Backtest | null>
  /** Newest first. */
  list(page: BacktestPage): Promise<Backtest[]>
  /** Says that the process of these lives. Resolves with those that are still open. */
  keepAlive(ids: readonly string[]): Promise<string[]>
  /** These change what is open alone, and resolve with whether it was. */
  begin(id: string): Promise<boolean>
  finish(id: string, run: FinishedRun): Promise<boolean>
  fail(id: string, reason: string): Promise<boolean>
  cancel(id: string, reason: string): Promise<boolean>
  remove(id: string): Promise<void>
  /** JSON; null unless it is done. */
  trades(id: string): Promise<string | null>
  columns(id: string): Promise<Uint8Array | null>
}

export interface PictureOptions {
  readonly kind: 'svg' | 'png' | 'report'
  /** Light when left out. */
  readonly theme?: 'light' | 'dark' | undefined
  /** Pixels; fitting when left out. */
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** Equity as columns, a row for each candle. */
export interface EquityCurve {
  /** Epoch milliseconds. */
  readonly time: Float64Array
  readonly equity: Float64Array
  /** Below the highest so far, as a part of it: 0 or negative. */
  readonly drawdown: Float64Array
}

/** A backtest that has ended, with all that is answered of it. */
export interface WholeBacktest extends Backtest {
  readonly trades: string | null
}

/** Running backtests, one at a time, and reading what they left behind. What is not done yet is a `conflict` to read. */
export interface Backtests {
  /**
   * Takes an order and waits for its end for at most `waitMs`. Rejects with `refused` what cannot be run, and with
   * `throttled` when five wait already. What is refused while nobody waits any more is kept as failed.
   */
  submit(order: BacktestOrder, waitMs: number): Promise<WholeBacktest>
  /** Cancels what is open (and keeps it), removes what has ended: then null. Rejects with `missing`. */
  withdraw(id: string): Promise<WholeBacktest | null>
  find(id: string): Promise<WholeBacktest>
  /** JSON of the trades `first` and after it, `count` of them. */
  trades(id: string, first: number, count: number): Promise<string[]>
  /** Points `first` and after it, `count` of them. */
  equity(id: string, first: number, count: number): Promise<EquityCurve>
  /** JSON of the decisions `first` and after it, `count` of them. */
  decisions(id: string, first: number, count: number): Promise<string[]>
  picture(id: string, options: PictureOptions): Promise<Uint8Array>
}
