import type { Instrument } from '../../../src/market/instrument.ts'
import type { EpochMs, TimeRange } from '../../../src/market/time.ts'
import type { Backfill, BackfillStore, Chunk, Outcome } from '../../../src/ports/backfills.ts'
import type { BackfillRow } from './backfills.ts'
import type { Table } from './table.ts'

export interface ChunkRow extends Omit<Chunk, 'instrument' | 'size' | 'session'> {
  readonly state: 'waiting' | 'queued' | 'done' | 'empty' | 'failed' | 'cancelled'
  readonly notBefore: EpochMs
}

export type ChunkTable = Table<string, ChunkRow>

export function memoryChunks(
  chunks: ChunkTable,
  backfillOf: (id: string) => BackfillRow,
  viewOf: (row: BackfillRow) => Backfill,
): Omit<BackfillStore, 'create' | 'find' | 'list' | 'cancel'> {
  const all = (...states: ChunkRow['state'][]) => chunks.rows().filter(({ state }) => states.includes(state))
  const view = (row: ChunkRow | undefined): Chunk | null =>
    row ? chunkOf(row, backfillOf(row.backfillId)) : null
  const backToWaiting = ({ backfillId }: ChunkRow) =>
    backfillOf(backfillId).cancelled ? 'cancelled' : 'waiting'
  /** Changes a chunk that is not finished. */
  const change = (id: string, changes: (row: ChunkRow) => Partial<ChunkRow>): boolean => {
    const row = chunks.get(id)
    if (row?.state !== 'waiting' && row?.state !== 'queued') return false
    chunks.set(id, { ...row, ...changes(row) })
    return true
  }
  const end = async (id: string, changes: (row: ChunkRow) => Partial<ChunkRow>) => {
    if (!change(id, changes)) return null
    const backfill = viewOf(backfillOf(chunks.get(id)!.backfillId))
    return backfill.state === 'done' || backfill.state === 'failed' ? backfill : null
  }
  const rangesOf = ({ id }: Instrument, rows: readonly ChunkRow[]): TimeRange[] =>
    rows
      .filter(({ backfillId }) => backfillOf(backfillId).instrument.id === id)
      .map(({ from, to }) => ({ from, to }))
      .sort((a, b) => a.from - b.from)
  return {
    async nextWaiting(now) {
      const isUnderWay = (row: ChunkRow) =>
        all('queued').some(
          (other) =>
            other.from < row.to &&
            row.from < other.to &&
            backfillOf(other.backfillId).instrument.id === backfillOf(row.backfillId).instrument.id,
        )
      return view(newest(all('waiting').filter((row) => row.notBefore <= now && !isUnderWay(row))))
    },
    queuedCount: async () => all('queued').length,
    waitingCount: async () => all('waiting').length,
    chunk: async (id) => view(chunks.get(id)),
    async markQueued(id) {
      const isWaiting = chunks.get(id)?.state === 'waiting'
      if (isWaiting) change(id, () => ({ state: 'queued' }))
      return isWaiting
    },
    markDone: (id) => end(id, (row) => ({ state: 'done', attempts: row.attempts + 1 })),
    markEmpty: (id) => end(id, (row) => ({ ...oneMore(row, 'empty'), state: 'empty' })),
    markFailed: (id) => end(id, (row) => ({ ...oneMore(row, 'failed'), state: 'failed' })),
    async markWaiting(id, notBefore, outcome) {
      change(id, (row) => ({ ...oneMore(row, outcome), notBefore, state: backToWaiting(row) }))
    },
    async recover() {
      const queued = all('queued')
      for (const row of queued) change(row.id, () => ({ state: backToWaiting(row) }))
      return queued.length
    },
    openRanges: async (instrument) => rangesOf(instrument, all('waiting', 'queued')),
    doneRanges: async (instrument, range) =>
      rangesOf(
        instrument,
        all('done').filter(({ from, to }) => from < range.to && range.from < to),
      ),
  }
}

const oneMore = ({ attempts, emptyAnswers }: ChunkRow, outcome: Outcome) => ({
  attempts: outcome === 'unsent' ? attempts : attempts + 1,
  emptyAnswers: outcome === 'empty' ? emptyAnswers + 1 : emptyAnswers,
})

const newest = (rows: readonly ChunkRow[]): ChunkRow | undefined =>
  rows.toSorted((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1))[0]

function chunkOf(row: ChunkRow, { instrument, session }: BackfillRow): Chunk {
  const { state: _, notBefore: __, ...fields } = row
  return { ...fields, instrument, session, size: '1s' }
}
