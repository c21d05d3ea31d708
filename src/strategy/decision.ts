import type { EpochMs } from '../market/time.ts'

/** A price that a confirmed swing sets (strategy, P2 and P3). */
export interface Level {
  readonly price: number
  /** The `time` of the swing's candle. */
  readonly pivotTime: EpochMs
  /** The close at which it became known. */
  readonly confirmedAt: EpochMs
}

/** One test of a decision with the two values that it compared; null where one was not known, and it does not hold. */
export interface Condition {
  /** Such as `close > breakout`. */
  readonly name: string
  readonly left: number | null
  readonly right: number | null
  readonly holds: boolean
}

export type Action = 'enter' | 'exit' | 'none'

/** What was decided at one candle's close, and why: also when nothing is done. */
export interface Decision {
  /** The candle's `time`. */
  readonly time: EpochMs
  /** When it closed: the instant of the decision. */
  readonly decidedAt: EpochMs
  readonly close: number
  readonly position: 'flat' | 'long'
  readonly breakout: Level | null
  readonly swingLow: Level | null
  readonly movingAverage: number | null
  /** The trailing stop in force, while long. */
  readonly stop: number | null
  readonly conditions: readonly Condition[]
  readonly action: Action
  /** One short sentence, such as `close 168.30 is above the breakout 168.25 and above the moving average 168.01`. */
  readonly reason: string
}
