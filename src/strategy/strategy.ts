import type { BarSeries } from '../market/series.ts'
import type { Action, Condition } from './decision.ts'

/**
 * What a strategy stands on after a candle's close. Numbers alone, so that they are kept as columns: NaN is an unknown
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

/** Why a strategy did what it did. */
export interface Explanation {
  readonly conditions: readonly Condition[]
  readonly reason: string
}

/**
 * Decides at closes. It is shown each candle once and in turn, and reads `bars` at 0..i and never beyond: what comes
 * later is not in them when it trades.
 */
export interface Strategy {
  /** Candles from a swing to the close at which it is known. */
  readonly confirmedAfter: number
  /** Overwritten by the next candle. */
  readonly stance: Stance
  /** Takes in candle `i`, which has closed. */
  observe(bars: BarSeries, i: number): void
  /**
   * What to do at the close of candle `i`, just observed: an exit only when long, an entry only when not. `isLong` is
   * true from the decision to enter on.
   */
  decide(bars: BarSeries, i: number, isLong: boolean): Action
  /** The tests of candle `i`, which it was in `stance` for. */
  explain(bars: BarSeries, i: number, isLong: boolean, stance: Stance): Explanation
}
