import type { EpochMs, TimeRange } from '../market/time.ts'

/** A table with its indexes and, where it has any, its months. */
export interface TableSize {
  readonly name: string
  readonly bytes: number
  /** What PostgreSQL's statistics say: right within some per cent. */
  readonly rows: number
}

/** How much is kept and how fast it grows. */
export interface StorageUse {
  /** The whole database. */
  readonly bytes: number
  /** Largest first. */
  readonly tables: readonly TableSize[]
  /** Seconds as rows. */
  readonly seconds: { readonly rows: number; readonly bytes: number }
  /** Seconds in archives. */
  readonly archived: { readonly seconds: number; readonly days: number; readonly bytes: number }
  /** New seconds a calendar day over the last week that has any; 0 where nothing is stored. */
  readonly secondsPerDay: number
}

/** What was moved between the table and the archives. */
export interface Moved {
  readonly days: number
  readonly seconds: number
}

/** Where seconds lie. Moving them changes no answer: bars, candles and coverage read the same from either place. */
export interface Storage {
  use(): Promise<StorageUse>
  /** Makes the partitions that a range of time will need. */
  prepare(range: TimeRange): Promise<void>
  /** Moves the exchange's dates that end by `before` into archives, oldest first, each in a transaction. */
  archive(before: EpochMs, signal?: AbortSignal): Promise<Moved>
  /** Moves archived dates that a range touches back. */
  restore(range: TimeRange): Promise<Moved>
}
