import type { EpochMs } from '../market/time.ts'

/** A place in the budget, paid for when it was reserved, whether or not a request follows. Market time. */
export interface PacingSlot {
  readonly at: EpochMs
  readonly sendBefore: EpochMs
}
