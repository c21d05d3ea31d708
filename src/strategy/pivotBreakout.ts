import type { BarSeries } from '../market/series.ts'
import type { Action } from './decision.ts'
import { explainEntry, explainExit } from './explanation.ts'
import { type MovingAverage, movingAverage } from './movingAverage.ts'
import type { PivotBreakoutParameters } from './parameters.ts'
import { fillSwings, mustBeSwingRule } from './pivot.ts'
import type { Explanation, Outlook, Stance, Strategy } from './strategy.ts'
import { trailingStop } from './trailingStop.ts'

/** Long above the newest swing high and the moving average, out below the trailing stop (strategy, P1-P6). */
export class PivotBreakout implements Strategy {
  stop = Number.NaN
  readonly confirmedAfter: number
  readonly #parameters: PivotBreakoutParameters
  readonly #average: MovingAverage

  /** Throws a RangeError on parameters that no strategy has. */
  constructor(parameters: PivotBreakoutParameters) {
    mustBeSwingRule(parameters)
    this.confirmedAfter = parameters.right
    this.#parameters = parameters
    this.#average = movingAverage(parameters)
  }

  observe(bars: BarSeries, outlook: Outlook, from: number, to: number): void {
    fillSwings(bars.high, 1, this.#parameters, outlook.swingHigh, from, to)
    fillSwings(bars.low, -1, this.#parameters, outlook.swingLow, from, to)
    this.#average.fill(bars.close, outlook.movingAverage, from, to)
  }

  decide(bars: BarSeries, i: number, outlook: Outlook, isLong: boolean): Action {
    const swingLow = priceAt(bars.low, outlook.swingLow[i]!)
    this.stop = trailingStop(this.#parameters.stop, isLong ? this.stop : Number.NaN, swingLow)
    if (isLong) return bars.close[i]! < this.stop ? 'exit' : 'none'
    return this.#enters(bars, i, outlook, swingLow) ? 'enter' : 'none'
  }

  explain(bars: BarSeries, i: number, isLong: boolean, stance: Stance): Explanation {
    return isLong ? explainExit(bars, i, stance) : explainEntry(this.#parameters, bars, i, stance)
  }

  /** P5. An unknown price is NaN, which nothing is above or below. */
  #enters(bars: BarSeries, i: number, outlook: Outlook, swingLow: number): boolean {
    const { guard, trigger } = this.#parameters
    const close = bars.close[i]!
    const breakout = priceAt(bars.high, outlook.swingHigh[i]!)
    if (!(close > breakout && close > outlook.movingAverage[i]!)) return false
    if (guard && !(swingLow < close)) return false
    return trigger === 'level' || bars.close[i - 1]! <= breakout
  }
}

/** The price that a swing sets, or NaN without one. */
export const priceAt = (prices: Float64Array, index: number): number =>
  index < 0 ? Number.NaN : prices[index]!

/** Candles without which nothing is ever decided. */
export const candlesNeeded = ({ left, right, length }: PivotBreakoutParameters): number =>
  Math.max(left + right + 1, length)

/** An EMA forgets its seed within this many candles for each 50 of its length: the error falls below 1e-6 (P4). */
const CANDLES_TO_FORGET = 346 / 50

/** Candles to observe before the first decision of a live trader; `sessions` are the candles of two sessions (P4). */
export function warmUpCandles(parameters: PivotBreakoutParameters, sessions: number): number {
  const { left, right, ma, length } = parameters
  const average = ma === 'sma' ? length : length + Math.ceil(CANDLES_TO_FORGET * length)
  return Math.max(sessions, left + right + 1, average)
}
