import type { EpochMs } from '../../../src/market/time.ts'
import type { Backtest, BacktestStore, FinishedRun } from '../../../src/ports/backtests.ts'
import { type Journal, Table } from './table.ts'

interface Row extends Backtest {
  readonly ordinal: number
  readonly run: FinishedRun | null
}

/** Nobody forsakes a backtest here: the process that holds the memory is the one that runs it. */
export function memoryBacktests(journal: Journal, now: () => EpochMs): BacktestStore {
  const rows = new Table<string, Row>('backtests', journal)
  const change = (id: string, fields: Partial<Row>): boolean => {
    const row = rows.get(id)
    if (row === undefined || !isOpen(row)) return false
    rows.set(id, { ...row, ...fields })
    return true
  }
  let ordinals = 0
  return {
    async create(request) {
      const ordinal = ++ordinals
      const id = `backtest-${ordinal}`
      const fields = { state: 'queued', reason: null, result: null, run: null, createdAt: now() } as const
      rows.set(id, { id, ordinal, request, ...fields })
      return shown(rows.get(id)!)
    },
    find: async (id) => (rows.get(id) ? shown(rows.get(id)!) : null),
    async list({ limit, after }) {
      const before = after === undefined ? Number.POSITIVE_INFINITY : (rows.get(after)?.ordinal ?? 0)
      const older = rows.rows().filter(({ ordinal }) => ordinal < before)
      return older
        .sort((a, b) => b.ordinal - a.ordinal)
        .slice(0, limit)
        .map(shown)
    },
    keepAlive: async (ids) => ids.filter((id) => rows.get(id) && isOpen(rows.get(id)!)),
    begin: async (id) => change(id, { state: 'running' }),
    finish: async (id, run) => change(id, { state: 'done', result: run.result, run }),
    fail: async (id, reason) => change(id, { state: 'failed', reason }),
    cancel: async (id, reason) => change(id, { state: 'cancelled', reason }),
    remove: async (id) => void (rows.get(id) && rows.delete(id)),
    trades: async (id) => rows.get(id)?.run?.trades ?? null,
    columns: async (id) => rows.get(id)?.run?.columns ?? null,
  }
}

const isOpen = ({ state }: Row): boolean => state === 'queued' || state === 'running'

const shown = ({ id, state, reason, createdAt, request, result }: Row): Backtest => ({
  id,
  state,
  reason,
  createdAt,
  request,
  result,
})
