import type { EpochMs } from '../../../src/market/time.ts'
import type { BookedExecution, ExecutionStore } from '../../../src/ports/executions.ts'
import { bySymbol, holdingOf } from '../../../src/trading/trips.ts'
import type { MustExist } from './intents.ts'
import { type Journal, Table } from './table.ts'

export function memoryExecutions(journal: Journal, mustExist: MustExist): ExecutionStore {
  const executions = new Table<string, BookedExecution>('executions', journal)
  const newest = (): BookedExecution[] => {
    const ofRoot = new Map<string, BookedExecution>()
    for (const each of executions.rows())
      if ((ofRoot.get(each.root)?.revision ?? Number.NEGATIVE_INFINITY) < each.revision)
        ofRoot.set(each.root, each)
    return [...ofRoot.values()]
  }
  const inOrder = (which: (execution: BookedExecution) => boolean) => newest().filter(which).sort(byTime)
  const holdings = () => bySymbol(inOrder(isOurs)).map(([, executions]) => holdingOf(executions))
  let ordinals = 0
  return {
    async book(execution) {
      const key = keyOf(execution.root, execution.revision)
      if (executions.get(key)) return null
      mustExist(execution.intent)
      executions.set(key, { ...execution, ordinal: ++ordinals })
      return executions.get(key)!
    },
    async tellCommission(root, revision, commission, realizedPnl) {
      const booked = executions.get(keyOf(root, revision))
      if (booked === undefined) return false
      if (booked.commission === commission && booked.realizedPnl === realizedPnl) return false
      executions.set(keyOf(root, revision), { ...booked, commission, realizedPnl })
      return true
    },
    ours: async (since = Number.NEGATIVE_INFINITY as EpochMs) =>
      inOrder((execution) => isOurs(execution) && execution.time >= since),
    ofIntent: async (id) => inOrder(({ intent }) => intent === id),
    held: async () =>
      holdings()
        .flatMap(({ open }) => open)
        .sort(byTime),
    trips: async ({ limit, before = Number.POSITIVE_INFINITY }) =>
      holdings()
        .flatMap(({ closed }) => closed)
        .sort((a, b) => byTime(a.executions.at(-1)!, b.executions.at(-1)!))
        .map((trip, ordinal) => ({ ...trip, ordinal }))
        .filter(({ ordinal }) => ordinal < before)
        .reverse()
        .slice(0, limit),
    position: async (symbol) =>
      newest()
        .filter((execution) => isOurs(execution) && execution.symbol === symbol)
        .reduce((shares, { side, quantity }) => shares + (side === 'buy' ? quantity : -quantity), 0),
    list: async ({ limit, before = Number.POSITIVE_INFINITY }) =>
      newest()
        .filter(({ ordinal }) => ordinal < before)
        .sort((a, b) => b.ordinal - a.ordinal)
        .slice(0, limit),
  }
}

const byTime = (a: BookedExecution, b: BookedExecution): number => a.time - b.time || a.ordinal - b.ordinal

const keyOf = (root: string, revision: number): string => `${root} ${revision}`

const isOurs = ({ intent, isSynthetic }: BookedExecution): boolean => intent !== null || isSynthetic
