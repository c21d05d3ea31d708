import { accountCurve } from '../src/backtest/accountCurve.ts'
import { runBacktest } from '../src/backtest/backtest.ts'
import { type Played, play } from '../src/backtest/play.ts'
import type { BacktestRequest } from '../src/backtest/request.ts'
import { statisticsOf } from '../src/backtest/statistics/statistics.ts'
import type { CommissionPlan } from '../src/execution/parameters.ts'
import type { Trade } from '../src/execution/trade.ts'
import { seededRandom } from '../src/market/seededRandom.ts'
import type { BarSeries } from '../src/market/series.ts'
import { epochMs } from '../src/market/time.ts'
import { PivotBreakout } from '../src/strategy/pivotBreakout.ts'
import { PRESETS } from '../src/strategy/presets.ts'
import { plainLoop } from './plainLoop.ts'
import { type Contest, inMemory, type Measured, measure } from './ratio.ts'
import { seededCandles } from './seededBars.ts'

const SWING = 5
const AVERAGE = 50
const RUNS = 50

/** One share a trade, filled at the close: what a plain loop does without a ledger. */
const requestOf = (commission: CommissionPlan): BacktestRequest => ({
  symbol: 'BENCH',
  from: epochMs(0),
  to: epochMs(8.64e15),
  size: '5m',
  session: 'rth',
  align: 'session',
  base: '5m',
  strategy: { ...PRESETS.default.strategy, left: SWING, right: SWING, length: AVERAGE },
  execution: { fill: 'close', latencyMs: 0, slippageTicks: 0, slippageBps: 0, commission },
  sizing: { kind: 'shares', shares: 1 },
  initialCash: 100_000,
  force: false,
})

/** B1 and B2: a year of five-minute candles, with ever more of what a backtest has. */
export async function singleRuns(): Promise<Measured[]> {
  const candles = seededCandles(seededRandom(7))
  const what = `of ${candles.length.toLocaleString('en')} candles of 5m`
  const goal = { yardstick: 'a plain loop in JavaScript, trades alone', bound: 'atLeast' } as const
  return [
    await measure(
      { ...goal, id: 'B1', what: `the engine's run ${what}`, gate: 0.48, target: 0.96 },
      contest(candles, () => played(candles, requestOf('none')).book.trades),
    ),
    await measure(
      { ...goal, id: 'B2', what: 'the same with ledger, costs and statistics', gate: 0.28, target: 0.84 },
      contest(candles, () => summedUp(candles, requestOf('ibkr-tiered'))),
    ),
    await measure(
      { ...goal, id: 'B2', what: 'the same with its check for look-ahead', gate: 0.05, target: 0.1 },
      contest(candles, () => runBacktest(requestOf('ibkr-tiered'), marketOf(candles)).trades),
    ),
  ]
}

const marketOf = (candles: BarSeries) => ({ candles, seconds: null, minTick: 0.01 })

function played(candles: BarSeries, request: BacktestRequest): Played {
  const { strategy, sizing, execution, initialCash } = request
  const limits = { protectiveStopPct: null, minTick: 0.01, entryWindow: null }
  const rules = { grid: request, sizing, execution, initialCash, ...limits }
  return play(new PivotBreakout(strategy), marketOf(candles), rules)
}

function summedUp(candles: BarSeries, request: BacktestRequest): readonly Trade<unknown>[] {
  const { trades, balances, commissions, slippageCost, traded } = played(candles, request).book
  const { initialCash } = request
  const account = { ...accountCurve(candles, balances), initialCash, trades }
  const { sharpe } = statisticsOf({ candles, ...account, commissions, slippageCost, traded })
  if (sharpe === null) throw new Error('a year has no Sharpe ratio')
  return trades
}

function contest(candles: BarSeries, trade: () => readonly Trade<unknown>[]): Contest {
  let [trades, profit] = [0, 0]
  return inMemory(RUNS, {
    ours: () => {
      const closed = trade()
      trades = closed.length
      profit = closed.reduce((sum, { grossPnl }) => sum + grossPnl, 0)
    },
    yardstick: () => {
      ;({ trades, profit } = plainLoop(candles, SWING, AVERAGE))
    },
    answer: () => `${trades} trades earn ${profit.toFixed(6)}`,
  })
}
