import type { Trade } from '../../execution/trade.ts'
import { type Answer, unless } from './answer.ts'

type TradeFigure = 'winRate' | 'profitFactor' | 'expectancy' | 'averageWin' | 'averageLoss'

/**
 * What closed trades earned, after commission: a win is a net profit above zero, a loss one below. These describe what
 * was, so one trade is enough; without any there is nothing to tell.
 */
export function tradeFigures(trades: readonly Trade<unknown>[]): Record<TradeFigure, Answer> {
  const profits = trades.map(({ netPnl }) => netPnl)
  const wins = profits.filter((profit) => profit > 0)
  const losses = profits.filter((profit) => profit < 0)
  const none = trades.length === 0 ? 'no trade was closed' : null
  const noWin = none ?? (wins.length === 0 ? 'no trade won' : null)
  const noLoss = none ?? (losses.length === 0 ? 'no trade lost' : null)
  return {
    winRate: unless(none, () => wins.length / trades.length),
    profitFactor: unless(noLoss, () => sum(wins) / -sum(losses)),
    expectancy: unless(none, () => sum(profits) / trades.length),
    averageWin: unless(noWin, () => sum(wins) / wins.length),
    averageLoss: unless(noLoss, () => sum(losses) / losses.length),
  }
}

/** Π (exit price ÷ entry price) − 1 over closed trades: prices alone, as if each staked everything; 0 without trades. */
export const compoundedTradeReturn = (trades: readonly Trade<unknown>[]): number =>
  trades.reduce((product, { entryPrice, exitPrice }) => product * (exitPrice / entryPrice), 1) - 1

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
