import { conflict } from '../../../src/errors.ts'
import type { DecisionStore, JournalledDecision } from '../../../src/ports/decisions.ts'
import type { MustExist } from './intents.ts'
import { type Journal, Table } from './table.ts'

export function memoryDecisions(journal: Journal, mustExist: MustExist): DecisionStore {
  const decisions = new Table<string, JournalledDecision>('decisions', journal)
  const of = (symbol: string) =>
    decisions
      .rows()
      .filter((decision) => decision.symbol === symbol)
      .sort((a, b) => a.time - b.time)
  return {
    async add(decision) {
      const key = `${decision.symbol} ${decision.time}`
      if (decisions.get(key)) journal.refuse(conflict('this candle was decided on already'))
      mustExist(decision.intent)
      decisions.set(key, decision)
    },
    find: async (symbol, candleTime) => decisions.get(`${symbol} ${candleTime}`) ?? null,
    between: async (symbol, { from, to }, limit) =>
      of(symbol)
        .filter(({ time }) => time >= from && time < to)
        .slice(0, limit),
    latest: async (symbol) => of(symbol).at(-1) ?? null,
  }
}
