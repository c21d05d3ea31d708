import type { EpochMs } from '../market/time.ts'
import type { HistoricalRequest } from './marketData.ts'
import type { PacingSlot } from './pacingSlot.ts'

/** Who may use the budget, most urgent first. */
export const LANES = ['trader', 'live', 'repair', 'backfill'] as const
export type Lane = (typeof LANES)[number]

export type Reservation =
  | { readonly granted: true; readonly slot: PacingSlot }
  | { readonly granted: false; readonly freeAt: EpochMs }

export interface PacingUsage {
  /** Weights allowed, and used, in the sliding window. */
  readonly limit: number
  readonly used: number
  readonly nextFreeAt: EpochMs
  readonly lanes: Readonly<Record<Lane, number>>
}

/** What a lane may count on in every window from now on. */
interface PacingShare {
  readonly requests: number
  readonly windowMs: number
}

/** The budget of small-bar requests that all processes share. */
export interface Pacing {
  reserve(request: HistoricalRequest, lane: Lane): Promise<Reservation>
  usage(): Promise<PacingUsage>
  share(lane: Lane): Promise<PacingShare>
  /** The broker has called a request a pacing violation: every process slows down for a while. */
  penalize(): Promise<void>
  /** What is not known to be free counts as used: nobody is granted a place for one window. */
  assumeFull(): Promise<void>
}
