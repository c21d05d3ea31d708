import type { Fill } from '../execution/fill.ts'
import type { EpochMs } from '../market/time.ts'

/** What has come about in the engine, for whoever listens. */
export type EngineEvent =
  | { readonly kind: 'opened' | 'closed'; readonly fill: Fill }
  /** The trailing stop of a position, at the close of the candle with this `time`. */
  | { readonly kind: 'stopMoved'; readonly time: EpochMs; readonly from: number; readonly to: number }
