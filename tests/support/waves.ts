import { BarSeries } from '../../src/market/series.ts'
import type { Session } from '../../src/market/session.ts'
import { plus, SECOND_MS } from '../../src/market/time.ts'

/** Bars of sessions, one each `stepMs`, whose prices go up and down in long and short waves. */
export function waves(sessions: readonly Session[], stepMs = 10 * SECOND_MS): BarSeries {
  const bars = new BarSeries()
  for (const { from, to } of sessions) {
    for (let time = from; time < to; time = plus(time, stepMs)) {
      const [open, close] = [priceAt(bars.length), priceAt(bars.length + 1)]
      const wick = ((bars.length * 31) % 5) / 100
      const [high, low] = [cents(Math.max(open, close) + wick), cents(Math.min(open, close) - wick)]
      bars.push({ time, open, high, low, close, volume: 100, vwap: null, tradeCount: null })
    }
  }
  return bars
}

/** Cents, with a jitter that repeats itself every 13 bars. */
const priceAt = (i: number): number =>
  Math.round(17_000 + 100 * Math.sin(i / 500) + 50 * Math.sin(i / 60) + ((i * 7_919) % 13)) / 100

const cents = (price: number): number => Math.round(price * 100) / 100
