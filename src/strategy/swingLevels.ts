import type { BarSeries } from '../market/series.ts'
import { isSwing, type SwingRule } from './pivot.ts'

/** The levels in force at a candle's close: of the newest confirmed swing high, and of the newest swing low. */
export interface SwingLevels {
  readonly breakout: number | null
  readonly swingLow: number | null
}

/** The levels at the close of each candle (strategy, P2 and P3). */
export function swingLevels({ length, high, low }: BarSeries, rule: SwingRule): SwingLevels[] {
  let levels: SwingLevels = { breakout: null, swingLow: null }
  return Array.from({ length }, (_, i) => {
    const m = i - rule.right
    if (isSwing(high, m, 1, rule)) levels = { ...levels, breakout: high[m]! }
    if (isSwing(low, m, -1, rule)) levels = { ...levels, swingLow: low[m]! }
    return levels
  })
}
