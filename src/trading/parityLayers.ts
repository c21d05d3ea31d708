import type { ParityCause } from '../ports/trading.ts'

/** How much of what was done live a replay takes over. */
export interface Layer {
  /** What explains a decision that comes out as live from this layer on; null is the backtest itself. */
  readonly cause: ParityCause | null
  /** The candles as they were decided on. */
  readonly hasLiveCandles: boolean
  /** Decisions that came too late are not acted on. */
  readonly heedsMissed: boolean
  /** Nor those that a limit or the trader's level denied, and those that no trader made. */
  readonly heedsState: boolean
  /** The executions of the broker instead of the model's. */
  readonly hasLiveFills: boolean
}

/** Each takes over one thing more, until everything is as it was: what then still differs is a defect. */
export const LAYERS: readonly Layer[] = [
  { cause: null, hasLiveCandles: false, heedsMissed: false, heedsState: false, hasLiveFills: false },
  { cause: 'data', hasLiveCandles: true, heedsMissed: false, heedsState: false, hasLiveFills: false },
  { cause: 'timing', hasLiveCandles: true, heedsMissed: true, heedsState: false, hasLiveFills: false },
  { cause: 'state', hasLiveCandles: true, heedsMissed: true, heedsState: true, hasLiveFills: false },
  { cause: 'fill', hasLiveCandles: true, heedsMissed: true, heedsState: true, hasLiveFills: true },
]
