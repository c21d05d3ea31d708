import type { EpochMs } from '../market/time.ts'
import type { Side } from './fill.ts'

/** Buys or sells at the market's price. */
export interface MarketOrder {
  readonly side: Side
  /** Whole shares. */
  readonly quantity: number
  /** The `time` of the candle at whose close it was decided. */
  readonly candleTime: EpochMs
  /** Told when it is read, in the engine's orders: a copy by spread is without it. */
  readonly reason: string
}

/** Rests at the broker and sells the position once the price has come down to it. */
export interface StopOrder {
  readonly quantity: number
  readonly stop: number
  readonly reason: string
}
