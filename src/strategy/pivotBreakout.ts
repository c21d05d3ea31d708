import type { BarSeries } from '../market/series.ts'
import { explainEntry, explainExit } from './explanation.ts'
import { type MovingAverage, movingAverage } from './movingAverage.ts'
import type { PivotBreakoutParameters } from './parameters.ts'
import { mustBeSwingRule } from './pivot.ts'
import type { Decisions, Explanation, Outlook, Stance, Strategy } from './strategy.ts'
import { fillSwings } from './swingColumn.ts'
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

  decide(bars: BarSeries, decisions: Decisions, from: number, to: number, isLong: boolean): number {
    return isLong ? this.#hold(bars, decisions, from, to) : this.#wait(bars, decisions, from, to)
  }

  explain(bars: BarSeries, i: number, isLong: boolean, stance: Stance): Explanation {
    return isLong ? explainExit(bars, i, stance) : explainEntry(this.#parameters, bars, i, stance)
  }

  /** P6, until the stop is broken. */
  #hold({ low, close }: BarSeries, { swingLow, stop }: Decisions, from: number, to: number): number {
    const { stop: kind } = this.#parameters
    let current = this.stop
    let i = from
    for (; i < to; i++) {
      current = trailingStop(kind, current, priceAt(low, swingLow[i]!))
      stop[i] = current
      if (close[i]! < current) break
    }
    this.stop = current
    return i
  }

  /** P5, until there is an entry: its stop is the swing low. */
  #wait(bars: BarSeries, decisions: Decisions, from: number, to: number): number {
    const { high, close } = bars
    const { swingHigh, movingAverage, stop } = decisions
    let i = from
    for (; i < to; i++) {
      const price = close[i]!
      const isAbove = price > priceAt(high, swingHigh[i]!) && price > movingAverage[i]!
      if (isAbove && this.#mayEnter(bars, i, decisions)) break
      stop[i] = Number.NaN
    }
    this.stop = priceAt(bars.low, decisions.swingLow[Math.min(i, to - 1)]!)
    if (i < to) stop[i] = this.stop
    return i
  }

  /** What P5 asks besides. An unknown price is NaN, which nothing is above or below. */
  #mayEnter({ high, low, close }: BarSeries, i: number, { swingHigh, swingLow }: Outlook): boolean {
    const { guard, trigger } = this.#parameters
    if (guard && !(priceAt(low, swingLow[i]!) < close[i]!)) return false
    return trigger === 'level' || close[i - 1]! <= priceAt(high, swingHigh[i]!)
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
