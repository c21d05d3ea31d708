import type { EpochMs } from '../market/time.ts'

export type Side = 'buy' | 'sell'

/** An execution with its costs. */
export interface Fill {
  /** The `time` of the candle (or second) in which it lies (strategy, F1). */
  readonly time: EpochMs
  readonly side: Side
  /** Whole shares, positive: the direction lies in `side`. */
  readonly quantity: number
  readonly price: number
  /** All fees, in the instrument's currency. */
  readonly commission: number
  /** What the price was worse than the market's, times the quantity: never negative. */
  readonly slippage: number
}
