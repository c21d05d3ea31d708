import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { SessionKind } from '../market/session.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

interface ChunkCounts {
  readonly total: number
  readonly done: number
  readonly empty: number
  readonly failed: number
}

export interface Backfill extends TimeRange {
  readonly id: string
  readonly instrument: Instrument
  readonly session: SessionKind
  readonly state: RunState
  readonly createdAt: EpochMs
  readonly chunks: ChunkCounts
}

/** At most 1,800 seconds of one session: one request, one job, one transaction. */
export interface Chunk extends TimeRange {
  readonly id: string
  readonly backfillId: string
  readonly instrument: Instrument
  readonly size: BarSize
  readonly session: SessionKind
  /** How often the broker was asked. */
  readonly attempts: number
  /** How often of these it answered "no data". */
  readonly emptyAnswers: number
}

export interface NewBackfill extends TimeRange {
  /** Where there is one of this id already, that one stays, and is what is made. */
  readonly id?: string
  readonly instrument: Instrument
  readonly session: SessionKind
  readonly createdAt: EpochMs
  readonly chunks: readonly TimeRange[]
}

export interface Page {
  readonly limit: number
  /** Only backfills created before this one, in the order of the list. */
  readonly after?: string
}

/** Why a chunk waits again: never sent, or answered with a failure, with nothing, with impossible values. */
export type Outcome = 'unsent' | 'failed' | 'empty' | 'partial'

/**
 * Backfills and their chunks. A chunk goes waiting → queued → done | empty | failed | cancelled, or back to waiting.
 * A backfill without chunks is done at birth; its state follows from its chunks'.
 */
export interface BackfillStore {
  create(backfill: NewBackfill): Promise<Backfill>
  find(id: string): Promise<Backfill | null>
  /** Newest first. */
  list(page: Page): Promise<Backfill[]>
  /**
   * Cancels the chunks that still wait. Null when there is no such backfill; a finished one is left as it is, and
   * `changed` says so.
   */
  cancel(id: string): Promise<{ readonly backfill: Backfill; readonly changed: boolean } | null>
  /**
   * The newest chunk that waits and may run at `now`; the open chunks of every backfill are one line. One whose span is
   * being fetched for another backfill is passed over.
   */
  nextWaiting(now: EpochMs): Promise<Chunk | null>
  /** How many chunks are queued: handed to the durable queue and not yet answered. */
  queuedCount(): Promise<number>
  chunk(id: string): Promise<Chunk | null>
  /** False when the chunk no longer waits (it was cancelled). */
  markQueued(id: string): Promise<boolean>
  /** Ends a chunk, like the next two. Resolves with its backfill when that is finished by it; once for each. */
  markDone(id: string): Promise<Backfill | null>
  markEmpty(id: string): Promise<Backfill | null>
  markFailed(id: string, reason: string): Promise<Backfill | null>
  /** Back to waiting, not before `notBefore`; `outcome` says which counter rises. */
  markWaiting(id: string, notBefore: EpochMs, outcome: Outcome, reason: string): Promise<void>
  /** Chunks left queued by a process that ended: back to waiting. Returns how many. */
  recover(): Promise<number>
  /** Waiting chunks over all backfills. */
  waitingCount(): Promise<number>
  /** The spans of an instrument's seconds that wait or are queued in any backfill, oldest first. */
  openRanges(instrument: Instrument): Promise<TimeRange[]>
  /** The spans of an instrument's chunks that are done and overlap a range, oldest first. */
  doneRanges(instrument: Instrument, range: TimeRange): Promise<TimeRange[]>
}

export interface BackfillRequest extends TimeRange {
  /** Asked for a second time under the same id, it is the same backfill. */
  readonly id?: string
  readonly instrument: Instrument
  readonly session: SessionKind
}

/** Asking for history: what is missing in the range becomes chunks, and a line of what is left to do. */
export interface Backfills {
  request(request: BackfillRequest): Promise<Backfill>
  /** Null when there is no such backfill; a finished one is left as it is. */
  cancel(id: string): Promise<Backfill | null>
  /** When each will be done at the present budget, or null when it is, or nobody can say. Market time. */
  etas(backfills: readonly Backfill[]): Promise<(EpochMs | null)[]>
}
