import type { Backfill, BackfillStore, NewBackfill, RunState } from '../../../src/ports/backfills.ts'
import { type ChunkRow, type ChunkTable, memoryChunks } from './chunks.ts'
import { type Journal, Table } from './table.ts'

export interface BackfillRow extends Omit<NewBackfill, 'chunks'> {
  readonly id: string
  readonly ordinal: number
  readonly cancelled: boolean
}

export function memoryBackfills(journal: Journal): BackfillStore {
  const backfills = new Table<string, BackfillRow>('backfills', journal)
  const chunks: ChunkTable = new Table('chunks', journal)
  let ordinals = 0
  const view = (row: BackfillRow): Backfill => viewOf(row, chunks.rows())
  const find = async (id: string) => {
    const row = backfills.get(id)
    return row ? view(row) : null
  }
  return {
    ...memoryChunks(chunks, (id) => backfills.get(id)!, view),
    find,
    async create({ chunks: spans, ...fields }) {
      const earlier = fields.id === undefined ? null : await find(fields.id)
      if (earlier !== null) return earlier
      const ordinal = ++ordinals
      const row = { id: `backfill-${ordinal}`, ...fields, ordinal, cancelled: false }
      backfills.set(row.id, row)
      for (const [i, span] of spans.entries()) chunks.set(`${row.id}-${i}`, newChunk(row, i, span))
      return view(row)
    },
    async list({ limit, after }) {
      const before = after === undefined ? Number.POSITIVE_INFINITY : (backfills.get(after)?.ordinal ?? 0)
      const older = backfills.rows().filter(({ ordinal }) => ordinal < before)
      return older
        .sort((a, b) => b.ordinal - a.ordinal)
        .slice(0, limit)
        .map(view)
    },
    async cancel(id) {
      const row = backfills.get(id)
      if (row === undefined) return null
      const own = chunks.rows().filter(({ backfillId }) => backfillId === id)
      const changed = !row.cancelled && own.some(isOpen)
      if (changed) backfills.set(id, { ...row, cancelled: true })
      for (const chunk of own)
        if (chunk.state === 'waiting') chunks.set(chunk.id, { ...chunk, state: 'cancelled' })
      return { backfill: view(backfills.get(id)!), changed }
    },
  }
}

const newChunk = (row: BackfillRow, i: number, { from, to }: NewBackfill['chunks'][number]): ChunkRow => ({
  ...{ id: `${row.id}-${i}`, backfillId: row.id, from, to },
  ...{ state: 'waiting', notBefore: row.createdAt, attempts: 0, emptyAnswers: 0 },
})

const isOpen = ({ state }: ChunkRow): boolean => state === 'waiting' || state === 'queued'

function viewOf({ ordinal: _, cancelled, ...row }: BackfillRow, all: readonly ChunkRow[]): Backfill {
  const own = all.filter(({ backfillId }) => backfillId === row.id)
  const count = (state: ChunkRow['state']) => own.filter((chunk) => chunk.state === state).length
  const chunks = { total: own.length, done: count('done'), empty: count('empty'), failed: count('failed') }
  return { ...row, state: cancelled ? 'cancelled' : stateOf(own), chunks }
}

function stateOf(own: readonly ChunkRow[]): RunState {
  const isUntouched = ({ state, attempts }: ChunkRow) => state === 'waiting' && attempts === 0
  if (own.some(isOpen)) return own.every(isUntouched) ? 'queued' : 'running'
  return own.some(({ state }) => state === 'failed') ? 'failed' : 'done'
}
