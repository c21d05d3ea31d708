import type { BarSeries } from '../market/series.ts'
import type { Condition } from './decision.ts'

/**
 * What a decision stands on. Numbers alone, so that they are kept as columns: NaN is an unknown
 * price, -1 no candle.
 */
export interface Stance {
  /** The candles of the swings that set the levels. */
  readonly swingHigh: number
  readonly swingLow: number
  readonly movingAverage: number
  /** The trailing stop, in force while long. */
  readonly stop: number
}

/** What a strategy stands on at each candle's close, as columns. What is held and its stop do not change it. */
export interface Outlook {
  readonly swingHigh: Int32Array
  readonly swingLow: Int32Array
  readonly movingAverage: Float64Array
}

/** What a strategy leaves at each candle's close: beside the outlook the trailing stop, NaN while there is none in force. */
export interface Decisions extends Outlook {
  readonly stop: Float64Array
}

/** Why a strategy did what it did. */
export interface Explanation {
  readonly conditions: readonly Condition[]
  readonly reason: string
}

/**
 * Decides at closes. It is shown each candle once and in turn, and for candle i reads `bars` at 0..i and never beyond:
 * what comes later is not in them when it trades.
 */
export interface Strategy {
  /** Candles from a swing to the close at which it is known. */
  readonly confirmedAfter: number
  /** The trailing stop after the last decision, in force while long; NaN is none. */
  readonly stop: number
  /** Takes in the candles `from` <= i < `to`, which have closed, into the same rows of `outlook`, which holds those before. */
  observe(bars: BarSeries, outlook: Outlook, from: number, to: number): void
  /**
   * Decides at the closes of the candles `from` <= i < `to`, observed before, until something is to be done: an exit when
   * long, an entry when not. Answers the index of that candle, or `to`; the stops up to it are in their rows. `isLong` is
   * true from the decision to enter on, so that nothing changes it in between. At least one candle.
   */
  decide(bars: BarSeries, decisions: Decisions, from: number, to: number, isLong: boolean): number
  /** The tests of candle `i`, which it decided in `stance`. */
  explain(bars: BarSeries, i: number, isLong: boolean, stance: Stance): Explanation
}
