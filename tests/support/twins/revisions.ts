import type { Delivery } from '../../../src/ports/bars.ts'
import type { RevisedBars, Revision, RevisionStore } from '../../../src/ports/revisions.ts'
import { type Journal, Table } from './table.ts'

interface Row extends Revision {
  readonly of: string
}

type Bars = Pick<RevisedBars, 'instrument' | 'size'>

export interface MemoryRevisions extends RevisionStore {
  keep(bars: Bars, before: Revision['before'], delivery: Delivery): void
}

const nameOf = ({ instrument, size }: Bars): string => `${instrument.id} ${size}`

export function memoryRevisions(journal: Journal, now: () => Revision['machineTime']): MemoryRevisions {
  const rows = new Table<number, Row>('revisions', journal)
  let ids = 0
  const newestFirst = ({ from, to, ...bars }: RevisedBars): Row[] =>
    rows
      .rows()
      .filter(({ of, before }) => of === nameOf(bars) && before.time >= from && before.time < to)
      .sort((a, b) => b.id - a.id)
  return {
    keep(bars, before, { source, request, at }) {
      const id = ++ids
      rows.set(id, { of: nameOf(bars), id, before, source, request, marketTime: at, machineTime: now() })
    },
    count: async (bars) => newestFirst(bars).length,
    async list(bars, { limit, after = Number.POSITIVE_INFINITY }) {
      const older = newestFirst(bars).filter(({ id }) => id < after)
      return older.slice(0, limit).map(({ of: _, ...revision }) => revision)
    },
  }
}
