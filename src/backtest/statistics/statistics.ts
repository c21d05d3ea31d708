import type { Trade } from '../../execution/trade.ts'
import type { BarSeries } from '../../market/series.ts'
import { activityFigures } from './activityFigures.ts'
import { type Answer, type Figure, told } from './answer.ts'
import { curveFigures } from './curveFigures.ts'
import { deepestDrawdown } from './drawdown.ts'
import { holdingFigures } from './holdingFigures.ts'
import { sessionEnds, sessionReturns } from './sessionReturns.ts'
import { compoundedTradeReturn, tradeFigures } from './tradeFigures.ts'

/** What statistics are computed from. */
export interface Performance {
  readonly candles: BarSeries
  /** At each candle's close. */
  readonly equity: Float64Array
  /** Candles at whose close shares are held. */
  readonly candlesHeld: number
  readonly initialCash: number
  readonly trades: readonly Trade<unknown>[]
  /** Money: of every fill, those of an open trade included. */
  readonly commissions: number
  readonly slippageCost: number
  /** Σ price × quantity of every fill. */
  readonly traded: number
}

type FigureName =
  | 'winRate'
  | 'profitFactor'
  | 'expectancy'
  | 'averageWin'
  | 'averageLoss'
  | 'totalReturn'
  | 'compoundedTradeReturn'
  | 'cagr'
  | 'volatility'
  | 'sharpe'
  | 'sortino'
  | 'calmar'
  | 'maxDrawdown'
  | 'maxDrawdownDays'
  | 'exposure'
  | 'turnover'
  | 'buyAndHoldReturn'
  | 'alpha'
  | 'beta'
  | 'probabilisticSharpe'

/**
 * Fractions are of one (0.1 is 10 %), money is in the instrument's currency. docs/statistics.md has each formula with
 * its source, and when a figure is null.
 */
export interface Statistics extends Readonly<Record<FigureName, Figure>> {
  /** How many were closed. */
  readonly trades: number
  readonly commissions: number
  readonly slippageCost: number
  /** Why a figure is null, by its name. */
  readonly reasons: Readonly<Record<string, string>>
}

/** The statistics of a run. An account that never trades has some; a run without candles hardly any. */
export function statisticsOf(performance: Performance): Statistics {
  const { trades, commissions, slippageCost } = performance
  const { figures, reasons } = told(answersOf(performance))
  return { trades: trades.length, ...figures, commissions, slippageCost, reasons }
}

function answersOf(performance: Performance): Record<FigureName, Answer> {
  const { candles, equity, initialCash, trades } = performance
  const { length, time, open, close } = candles
  const ends = sessionEnds(candles)
  const returns = sessionReturns(ends, equity, initialCash)
  return {
    ...tradeFigures(trades),
    compoundedTradeReturn: compoundedTradeReturn(trades),
    ...curveFigures({
      returns,
      totalReturn: equity[length - 1]! / initialCash - 1,
      drawdown: deepestDrawdown(time, equity, initialCash),
    }),
    ...activityFigures(performance),
    ...holdingFigures({
      returns,
      holding: sessionReturns(ends, close, open[0]!),
      holdingReturn: close[length - 1]! / open[0]! - 1,
    }),
  }
}
