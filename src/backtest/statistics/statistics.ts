import type { Trade } from '../../execution/trade.ts'
import type { BarSeries } from '../../market/series.ts'

/** What statistics are computed from. */
export interface Performance {
  readonly candles: BarSeries
  /** At each candle's close. */
  readonly equity: Float64Array
  /** Shares held at each candle's close. */
  readonly held: Float64Array
  readonly initialCash: number
  readonly trades: readonly Trade[]
  /** Money: of every fill, those of an open trade included. */
  readonly commissions: number
  readonly slippageCost: number
  /** Σ price × quantity of every fill. */
  readonly traded: number
}

/** A figure, or null where the sample is too small to say; then `reasons` says why. */
export type Figure = number | null

/** Fractions are of one (0.1 is 10 %), money is in the instrument's currency. */
export interface Statistics {
  readonly trades: number
  readonly winRate: Figure
  readonly profitFactor: Figure
  readonly expectancy: Figure
  readonly averageWin: Figure
  readonly averageLoss: Figure
  readonly totalReturn: Figure
  readonly compoundedTradeReturn: Figure
  readonly cagr: Figure
  readonly volatility: Figure
  readonly sharpe: Figure
  readonly sortino: Figure
  readonly calmar: Figure
  readonly maxDrawdown: Figure
  readonly maxDrawdownDays: Figure
  readonly exposure: Figure
  readonly turnover: Figure
  readonly commissions: number
  readonly slippageCost: number
  readonly buyAndHoldReturn: Figure
  readonly alpha: Figure
  readonly beta: Figure
  readonly probabilisticSharpe: Figure
  /** Why a figure is null, by its name. */
  readonly reasons: Readonly<Record<string, string>>
}
