import type { EpochMs } from '../market/time.ts'
import type { Lane } from './pacing.ts'

/** One request of the sliding log. Rows are kept whether or not the request was answered. */
export interface PacedRequest {
  /** Market time of the reservation. */
  readonly at: EpochMs
  /** Places of the budget. Zero marks no request, but a violation that the broker has told of. */
  readonly weight: number
  readonly lane: Lane
  /** Equal for requests that IB would call identical. */
  readonly signature: string
  /** Contract, exchange and tick type: IB limits bursts for each. */
  readonly contract: string
}

/** The sliding log, shared by every process on one database. */
export interface PacingLedger {
  /**
   * Shows `decide` the rows at or after `since`, oldest first, alone among all processes, and stores the row that it
   * returns, if any, before anybody else looks. Resolves with that row or null.
   */
  append(
    since: EpochMs,
    decide: (rows: readonly PacedRequest[]) => PacedRequest | null,
  ): Promise<PacedRequest | null>
  since(since: EpochMs): Promise<PacedRequest[]>
}
