import type { BarSeries } from './series.ts'

/** The levels in force at a candle's close: of the newest confirmed swing high, and of the newest swing low. */
export interface SwingLevels {
  readonly breakout: number | null
  readonly swingLow: number | null
}

/** Candles that a swing beats on either side, strictly (strategy, P1). */
const SIDE = 3

/** The levels at the close of each candle (strategy, P2 and P3): a swing is known three candles after its own. */
export function swingLevels({ length, high, low }: BarSeries): SwingLevels[] {
  const levels: SwingLevels[] = []
  let [breakout, swingLow]: (number | null)[] = [null, null]
  for (let i = 0; i < length; i++) {
    const middle = i - SIDE
    if (middle >= SIDE && beatsItsSides(middle, (j) => high[j]!)) breakout = high[middle]!
    if (middle >= SIDE && beatsItsSides(middle, (j) => -low[j]!)) swingLow = low[middle]!
    levels.push({ breakout: breakout!, swingLow: swingLow! })
  }
  return levels
}

function beatsItsSides(middle: number, value: (index: number) => number): boolean {
  for (let k = 1; k <= SIDE; k++) {
    if (value(middle - k) >= value(middle) || value(middle + k) >= value(middle)) return false
  }
  return true
}
