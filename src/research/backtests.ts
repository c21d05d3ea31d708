import { conflict, missing } from '../errors.ts'
import type { Clock } from '../market/time.ts'
import type { Backtest, BacktestOrder, Backtests, WholeBacktest } from '../ports/backtests.ts'
import { BacktestRuns, type RunDeps } from './backtestRuns.ts'

/** Backtests of a service, and what ends those that are open. */
export function openBacktests(deps: RunDeps): Backtests & { stop(): Promise<void> } {
  const runs = new BacktestRuns(deps)
  const { threads } = deps
  const { backtests } = deps.stores
  return {
    submit: (order, waitMs) => submit(deps, runs, order, waitMs),
    find: (id) => find(deps, id),
    stop: () => runs.stop(),
    async withdraw(id) {
      const isCancelled = await backtests.cancel(id, 'it was cancelled by request')
      runs.abort(id)
      const found = await find(deps, id)
      if (isCancelled) return found
      await backtests.remove(id)
      return null
    },
    async trades(id, first, count) {
      await done(deps, id)
      return threads.trades({ trades: (await backtests.trades(id))!, first, count })
    },
    async equity(id, first, count) {
      await done(deps, id)
      return threads.equity({ columns: (await backtests.columns(id))!, first, count })
    },
    async decisions(id, first, count) {
      const { request } = await done(deps, id)
      return threads.decisions({ request, columns: (await backtests.columns(id))!, first, count })
    },
    async picture(id, options) {
      const { request, result } = await done(deps, id)
      const [trades, columns] = [await backtests.trades(id), await backtests.columns(id)]
      return threads.draw({ ...options, request, result: result!, trades: trades!, columns: columns! })
    },
  }
}

/** Waits for the end of an order. What is refused meanwhile has never been; past that it is kept as failed. */
async function submit(
  deps: RunDeps,
  runs: BacktestRuns,
  order: BacktestOrder,
  waitMs: number,
): Promise<WholeBacktest> {
  const { backtest, ended } = await runs.take(order)
  if (waitMs === 0) {
    ended.catch(() => {}) // kept as failed
    return { ...backtest, trades: null }
  }
  await within(deps.machine, waitMs, ended).catch(async (error: unknown) => {
    await deps.stores.backtests.remove(backtest.id)
    throw error
  })
  return find(deps, backtest.id)
}

/** Waits for a promise, and no longer than that. */
async function within(machine: Clock, waitMs: number, ended: Promise<void>): Promise<void> {
  const patience = new AbortController()
  const deadline = machine.sleep(waitMs, patience.signal).catch(() => {})
  await Promise.race([ended, deadline]).finally(() => patience.abort())
}

async function find({ stores: { backtests } }: RunDeps, id: string): Promise<WholeBacktest> {
  const found = (await backtests.find(id)) ?? unknown(id)
  return { ...found, trades: found.state === 'done' ? await backtests.trades(id) : null }
}

function unknown(id: string): never {
  throw missing(`There is no backtest ${id}.`)
}

/** Refuses what has not come to its end, or never will. */
async function done({ stores }: RunDeps, id: string): Promise<Backtest> {
  const found = (await stores.backtests.find(id)) ?? unknown(id)
  if (found.state === 'done') return found
  const why = found.reason === null ? '' : `: ${found.reason}`
  throw conflict(`The backtest is ${found.state}${why}; this is there once it is done.`)
}
