import { conflict, missing } from '../../../src/errors.ts'
import type { EpochMs } from '../../../src/market/time.ts'
import type { Trader, TraderStore } from '../../../src/ports/traders.ts'
import { type Journal, Table } from './table.ts'

/** Transactions come one after the other here, so everything is locked. */
export function memoryTraders(journal: Journal): TraderStore {
  const traders = new Table<1, Trader>('traders', journal)
  const starts = new Table<number, EpochMs>('trader_starts', journal)
  const find = async () => traders.get(1) ?? null
  return {
    find,
    lock: find,
    async create(fields) {
      if (traders.get(1)) journal.refuse(conflict('there is a trader already'))
      traders.set(1, { ...fields, version: 1 })
      return traders.get(1)!
    },
    async change(fields) {
      const trader = traders.get(1)
      if (trader === undefined) throw missing('there is no trader yet')
      traders.set(1, { ...trader, ...fields, version: trader.version + 1 })
      return traders.get(1)!
    },
    async recordStart(at, since) {
      starts.set(starts.size + 1, at)
      return starts.rows().filter((start) => start >= since).length
    },
  }
}
