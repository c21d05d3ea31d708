import type { DecisionLog } from '../engine/decisionLog.ts'
import type { OpenTrade, Trade } from '../execution/trade.ts'
import type { BarSeries } from '../market/series.ts'
import type { Decision } from '../strategy/decision.ts'
import type { Statistics } from './statistics/statistics.ts'

/** What is drawn of each candle, as columns as long as the candles; NaN where there is none. */
export interface Lines {
  readonly breakout: Float64Array
  readonly swingLow: Float64Array
  readonly movingAverage: Float64Array
  /** The trailing stop in force after the decision, while long. */
  readonly stop: Float64Array
  /** Cash and position marked to the close. */
  readonly equity: Float64Array
}

/** What a run over candles yields. The same request on the same bars yields the same outcome, bit for bit. */
export interface BacktestOutcome {
  readonly candles: BarSeries
  /** Indexes of the confirmed swings' candles, ascending. */
  readonly pivotHighs: Int32Array
  readonly pivotLows: Int32Array
  readonly lines: Lines
  readonly trades: readonly Trade[]
  readonly openTrade: OpenTrade | null
  readonly statistics: Statistics
  /** Decisions that came out otherwise on a prefix of the candles: more than none is a defect. */
  readonly rewrites: number
  readonly warnings: readonly string[]
  /** What is kept of each decision: enough to tell it again. */
  readonly decisions: DecisionLog
  /** The decision at candle `i`, with its reasons. */
  decisionAt(i: number): Decision
}
