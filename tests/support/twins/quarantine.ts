import { conflict } from '../../../src/errors.ts'
import type { RejectedBar } from '../../../src/market/badValue.ts'
import type { BarSize } from '../../../src/market/barSize.ts'
import type { Instrument } from '../../../src/market/instrument.ts'
import type { Delivery } from '../../../src/ports/bars.ts'
import type { QuarantineItem, QuarantineQuery, QuarantineStore } from '../../../src/ports/quarantine.ts'
import { type Journal, Table } from './table.ts'

export interface MemoryQuarantine extends QuarantineStore {
  /** Puts rows that cannot be bars aside, each once. */
  hold(instrument: Instrument, size: BarSize, delivery: Delivery): void
}

/** Holds bad values. Nothing is suspected in memory: the tapes of virtual time have no bad prints. */
export function memoryQuarantine(
  journal: Journal,
  now: () => QuarantineItem['machineTime'],
): MemoryQuarantine {
  const items = new Table<string, QuarantineItem>('quarantine', journal)
  const newestFirst = (): QuarantineItem[] => items.rows().reverse()
  const find = (id: string) => newestFirst().find((item) => item.id === id) ?? null
  return {
    hold(instrument, size, { rejected, source, request, at }) {
      for (const row of rejected) {
        const key = `${instrument.id} ${size} ${row.sample}`
        if (items.get(key) !== undefined) continue
        const told = { source, request, marketTime: at, machineTime: now() }
        items.set(key, { id: `${items.size + 1}`, instrument, size, ...row, ...REJECTED, ...told })
      }
    },
    async list(query) {
      const all = newestFirst().filter((item) => matches(item, query))
      return all.slice(all.findIndex(({ id }) => id === query.after) + 1).slice(0, query.limit)
    },
    find: async (id) => find(id),
    async decide(id) {
      if (find(id) === null) return null
      throw conflict('this row cannot be a bar: it is in no candle, and nothing can be let in')
    },
    countSuspected: async () => 0,
    applyPolicy: async () => 0,
  }
}

const REJECTED = { kind: 'badValue', state: 'rejected', decidedBy: 'rule' } as const satisfies Partial<
  QuarantineItem & RejectedBar
>

const matches = (item: QuarantineItem, { instrument, from, to, kind, state }: QuarantineQuery): boolean =>
  (instrument === undefined || item.instrument.id === instrument.id) &&
  (kind === undefined || item.kind === kind) &&
  (state === undefined || item.state === state) &&
  (from === undefined || (item.time !== null && item.time >= from)) &&
  (to === undefined || (item.time !== null && item.time < to))
