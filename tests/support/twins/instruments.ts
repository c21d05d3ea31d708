import type { Instrument } from '../../../src/market/instrument.ts'
import type { InstrumentStore } from '../../../src/ports/instruments.ts'
import { type Journal, Table } from './table.ts'

export function memoryInstruments(journal: Journal): InstrumentStore {
  const known = new Table<string, Instrument>('instruments', journal)
  let ids = 0
  return {
    list: async () => known.rows().sort((a, b) => a.id - b.id),
    find: async (symbol) => known.get(symbol) ?? null,
    async save(qualified) {
      const before = known.get(qualified.symbol)
      const { id = ++ids, tracked = true, priceScale = qualified.priceScale } = before ?? {}
      known.set(qualified.symbol, { ...qualified, id, tracked, priceScale })
      return known.get(qualified.symbol)!
    },
    async track(symbol, tracked) {
      const before = known.get(symbol)
      if (before === undefined) return null
      known.set(symbol, { ...before, tracked })
      return known.get(symbol)!
    },
  }
}
