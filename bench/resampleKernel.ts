import { resample } from '../src/market/resample.ts'
import { BarSeries } from '../src/market/series.ts'
import type { EpochMs } from '../src/market/time.ts'
import { inMemory, type Measured, measure } from './ratio.ts'

const RUNS = 10
const STEP_MS = 300_000

/** R3: what resampling costs when nothing is read, with all that a candle has. */
export function resampleKernel(seconds: BarSeries): Promise<Measured> {
  let candles = new BarSeries()
  return measure(
    {
      id: 'R3',
      what: `resampling ${seconds.length.toLocaleString('en')} seconds in memory to 5m`,
      yardstick: 'a loop in which each row updates its candle',
      bound: 'atLeast',
      gate: 1.5,
      target: 2.3,
    },
    inMemory(RUNS, {
      ours: () => {
        candles = resample(seconds, { size: '5m', session: 'rth', align: 'session' })
      },
      yardstick: () => {
        candles = naiveCandles(seconds)
      },
      answer: () => sumsOf(candles),
    }),
  )
}

/** Candles as one would write them down once: each row updates the newest candle. */
function naiveCandles(bars: BarSeries): BarSeries {
  const candles = new BarSeries()
  for (let i = 0; i < bars.length; i++) {
    const time = Math.floor(bars.time[i]! / STEP_MS) * STEP_MS
    let last = candles.length - 1
    if (last < 0 || candles.time[last] !== time) {
      candles.push({ ...bars.at(i), time: time as EpochMs, volume: 0, vwap: 0, tradeCount: 0 })
      last++
    }
    candles.high[last] = Math.max(candles.high[last]!, bars.high[i]!)
    candles.low[last] = Math.min(candles.low[last]!, bars.low[i]!)
    candles.close[last] = bars.close[i]!
    candles.volume[last]! += bars.volume[i]!
    candles.vwap[last]! += bars.vwap[i]! * bars.volume[i]!
    candles.tradeCount[last]! += bars.tradeCount[i]!
  }
  for (let k = 0; k < candles.length; k++) candles.vwap[k]! /= candles.volume[k]!
  return candles
}

/** The candles in one line, to four digits: the naive loop sums fractions. */
function sumsOf({ length, open, high, low, close, volume, vwap, tradeCount }: BarSeries): string {
  const sums = [open, high, low, close, volume, vwap, tradeCount].map((column) =>
    column.subarray(0, length).reduce((sum, value) => sum + value, 0),
  )
  return [length, ...sums.map((sum) => sum.toFixed(4))].join(' ')
}
