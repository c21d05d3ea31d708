import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { RollupSize } from '../market/resample.ts'
import type { BarSeries } from '../market/series.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'

export interface BarQuery extends TimeRange {
  readonly instrument: Instrument
  readonly size: BarSize
  readonly limit?: number
}

export interface RollupQuery extends TimeRange {
  readonly instrument: Instrument
  readonly size: RollupSize
}

/** What an ingest changed. `unchanged` rows were sent again and are equal. */
export interface IngestCounts {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
}

/**
 * Stored bars. An ingest refreshes the rollups of the buckets that it touches in the same transaction, and its result
 * does not depend on the order of the bars. Rejects with `unavailable` when the database is down.
 */
export interface BarStore {
  /** Stored bars of `size` in the range, oldest first, at most `limit`. */
  between(query: BarQuery): Promise<BarSeries>
  /** Buckets of seconds, oldest first. */
  rollups(query: RollupQuery): Promise<BarSeries>
  /** The start of the newest stored bar, or null. */
  latest(instrument: Instrument, size: BarSize): Promise<EpochMs | null>
  /** A few bars: one statement. */
  upsert(instrument: Instrument, size: BarSize, bars: BarSeries): Promise<IngestCounts>
  /** Many bars: COPY into staging, then one statement. */
  load(instrument: Instrument, size: BarSize, bars: BarSeries): Promise<IngestCounts>
}
