import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { Bar } from '../market/series.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'
import type { BarSource } from './bars.ts'

/** What a bar was before a later answer changed it, and what has changed it. */
export interface Revision {
  readonly id: number
  readonly before: Bar
  readonly source: BarSource
  /** The chunk or import that brought the change. */
  readonly request: string | null
  /** When it was changed: market time, where it is known, and machine time. */
  readonly marketTime: EpochMs | null
  readonly machineTime: EpochMs
}

/** The bars whose revisions are asked for. */
export interface RevisedBars extends TimeRange {
  readonly instrument: Instrument
  readonly size: BarSize
}

export interface RevisionStore {
  /** Newest first, at most `limit`, below the id `after`. */
  list(bars: RevisedBars, page: { readonly limit: number; readonly after?: number }): Promise<Revision[]>
  count(bars: RevisedBars): Promise<number>
}
