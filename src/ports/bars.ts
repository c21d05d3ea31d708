import type { RejectedBar } from '../market/badValue.ts'
import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { RollupSize } from '../market/resample.ts'
import type { BarSeries } from '../market/series.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'
import type { Lane } from './pacing.ts'

export interface BarQuery extends TimeRange {
  readonly instrument: Instrument
  readonly size: BarSize
  readonly limit?: number
  /** With the bars that the quarantine keeps out of the candles: everything that is stored. */
  readonly raw?: boolean
}

export interface RollupQuery extends TimeRange {
  readonly instrument: Instrument
  readonly size: RollupSize
  readonly limit?: number
}

/** Bars to be read as columns: stored ones without those that the quarantine keeps out, or buckets of seconds. */
export type ColumnQuery = TimeRange & { readonly instrument: Instrument } & (
    | { readonly source: 'bars'; readonly size: BarSize }
    | { readonly source: 'rollups'; readonly size: RollupSize }
  )

/** What an ingest changed. `unchanged` rows were sent again and are equal. */
export interface IngestCounts {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
}

/** How bars came: in which lane of the budget, or from a file. */
export type BarSource = Lane | 'import' | 'unknown'

/** What is remembered of an ingest beside the bars where it changes some or brings bad ones. */
export interface Delivery {
  readonly source: BarSource
  /** The chunk or import. */
  readonly request: string | null
  /** Market time. */
  readonly at: EpochMs | null
  /** Rows that cannot be bars: they go to the quarantine in the same transaction. */
  readonly rejected: readonly RejectedBar[]
}

/**
 * Stored bars. What an ingest changes is kept as a revision, seconds that leap out are suspected, and the rollups of
 * the buckets that it touches are refreshed, all in one transaction. Its result
 * does not depend on the order of the bars. Rejects with `unavailable` when the database is down.
 */
export interface BarStore {
  /** Stored bars of `size` in the range, oldest first, at most `limit`; unless `raw`, without the excluded ones. */
  between(query: BarQuery): Promise<BarSeries>
  /**
   * The stored bars of a `raw` query as lines of CSV, in chunks of any length that are made as they are read. Null where
   * they are to be had only through `between`. What is read from must be read to its end or returned: it holds a
   * connection.
   */
  csv(query: BarQuery & { readonly raw: true }): Promise<AsyncIterable<Uint8Array> | null>
  /** Buckets of seconds, oldest first, at most `limit`. */
  rollups(query: RollupQuery): Promise<BarSeries>
  /**
   * Any number of bars as columns, oldest first, in series of whole days of the exchange. A series is good until the next
   * is asked for, which may overwrite it. What is read from must be read to its end or returned: it holds a connection.
   */
  columns(query: ColumnQuery): Promise<AsyncIterable<BarSeries>>
  /** The start of the newest stored bar, or null. */
  latest(instrument: Instrument, size: BarSize): Promise<EpochMs | null>
  /** A few bars: one statement. */
  upsert(
    instrument: Instrument,
    size: BarSize,
    bars: BarSeries,
    delivery?: Partial<Delivery>,
  ): Promise<IngestCounts>
  /** Many bars: COPY into staging, then one statement. */
  load(
    instrument: Instrument,
    size: BarSize,
    bars: BarSeries,
    delivery?: Partial<Delivery>,
  ): Promise<IngestCounts>
}
