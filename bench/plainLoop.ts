import type { BarSeries } from '../src/market/series.ts'

/** What a plain loop counts: closed trades, and what one share earned in them. */
export interface PlainResult {
  readonly trades: number
  readonly profit: number
}

/**
 * The strategy's defaults with fills at the close, as one would write them down once: one pass, no decisions, no ledger,
 * no costs. The yardstick of a single run.
 */
export function plainLoop(
  { high, low, close, length }: BarSeries,
  swing: number,
  average: number,
): PlainResult {
  let [sum, breakout, swingLow, stop, entry] = [0, Number.NaN, Number.NaN, Number.NaN, Number.NaN]
  let isLong = false
  let trades = 0
  let profit = 0
  for (let i = 0; i < length; i++) {
    const price = close[i]!
    sum += price
    if (i >= average) sum -= close[i - average]!
    const m = i - swing
    if (isSwingHigh(high, m, swing)) breakout = high[m]!
    if (isSwingLow(low, m, swing)) swingLow = low[m]!
    if (isLong) {
      if (swingLow > stop) stop = swingLow
      if (price >= stop) continue
      isLong = false
      trades++
      profit += price - entry
    } else if (i >= average - 1 && price > breakout && price > sum / average && swingLow < price) {
      isLong = true
      entry = price
      stop = swingLow
    }
  }
  return { trades, profit }
}

function isSwingHigh(high: Float64Array, m: number, swing: number): boolean {
  if (m < swing) return false
  for (let k = 1; k <= swing; k++) {
    if (high[m - k]! >= high[m]! || high[m + k]! >= high[m]!) return false
  }
  return true
}

function isSwingLow(low: Float64Array, m: number, swing: number): boolean {
  if (m < swing) return false
  for (let k = 1; k <= swing; k++) {
    if (low[m - k]! <= low[m]! || low[m + k]! <= low[m]!) return false
  }
  return true
}
