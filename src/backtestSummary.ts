import type { BacktestOutcome } from './backtest/outcome.ts'
import { isoInstant } from './market/time.ts'
import type { BacktestJob } from './sweep/run.ts'

/** A backtest in a few lines for a terminal. */
export function summaryOf({ request, warnings }: BacktestJob, outcome: BacktestOutcome): string {
  const { candles, statistics, trades, openTrade } = outcome
  const ends = [candles.at(0), candles.at(candles.length - 1)].map(({ time }) => isoInstant(time))
  const figures = [
    ['candles', `${candles.length} of ${request.size}, ${ends.join(' to ')}`],
    ['trades', `${trades.length}${openTrade === null ? '' : ' and one open'}${won(statistics.winRate)}`],
    [
      'return',
      `${percent(statistics.totalReturn)}, holding ${request.symbol} ${percent(statistics.buyAndHoldReturn)}`,
    ],
    ['drawdown', percent(statistics.maxDrawdown)],
    [
      'costs',
      `${statistics.commissions.toFixed(2)} commissions, ${statistics.slippageCost.toFixed(2)} slippage`,
    ],
  ]
  const lines = figures.map(([name, value]) => `${name!.padEnd(10)}${value}`)
  return `${[...lines, '', ...warnings, ...outcome.warnings].join('\n')}\n`
}

const won = (winRate: number | null): string => (winRate === null ? '' : `, ${percent(winRate)} won`)

const percent = (part: number | null): string => (part === null ? 'unknown' : `${(part * 100).toFixed(2)} %`)
