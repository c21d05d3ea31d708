import { candleSpan } from '../market/candleClose.ts'
import type { CandleGrid } from '../market/resample.ts'
import { type BarSeries, lowerBound } from '../market/series.ts'
import { nextSession, type SessionKind, sessionAt } from '../market/session.ts'
import type { EpochMs } from '../market/time.ts'

/** What orders are matched against. */
export interface Market {
  readonly candles: BarSeries
  /** 1-second bars of the same instrument, as far as they are known, in any hours; null for none. */
  readonly seconds: BarSeries | null
  /** The instrument's smallest price step. */
  readonly minTick: number
}

/** A price of the market and the `time` of the bar that shows it. */
export interface Print {
  readonly time: EpochMs
  readonly price: number
}

export interface Range {
  readonly low: number
  readonly high: number
}

/** Bars in their order: `from` <= index < `to`. */
interface Tape {
  readonly bars: BarSeries
  readonly from: number
  readonly to: number
}

/** What shows the prices within candle `i`: its seconds where there are any, else the candle itself. */
export function tapeOf({ candles, seconds }: Market, grid: CandleGrid, i: number): Tape {
  const span = candleSpan(grid, candles.time[i] as EpochMs)
  const tape = seconds && {
    bars: seconds,
    from: lowerBound(seconds, span.from),
    to: lowerBound(seconds, span.to),
  }
  return tape && tape.from < tape.to ? tape : { bars: candles, from: i, to: i + 1 }
}

/**
 * Where a stop sells on a tape, looking only at bars with `from` <= time < `to`; null when the price stays above it. A
 * stop that the open has already jumped fills at the open: a gap is paid, never wished away (strategy, F2).
 */
export function stopPrint({ bars, ...tape }: Tape, stop: number, from: number, to: number): Print | null {
  for (let i = tape.from; i < tape.to && bars.time[i]! < to; i++) {
    if (bars.time[i]! < from || bars.low[i]! > stop) continue
    return { time: bars.time[i] as EpochMs, price: Math.min(bars.open[i]!, stop) }
  }
  return null
}

/** The lowest and the highest price of a tape's bars from `from` on. */
export function rangeSince({ bars, ...tape }: Tape, from: number): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = tape.from; i < tape.to; i++) {
    if (bars.time[i]! < from) continue
    low = Math.min(low, bars.low[i]!)
    high = Math.max(high, bars.high[i]!)
  }
  return { low, high }
}

/** The lowest and the highest price of the bars `from` <= i < `to`. */
export function rangeOf(bars: BarSeries, from: number, to: number): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = from; i < to; i++) {
    if (bars.low[i]! < low) low = bars.low[i]!
    if (bars.high[i]! > high) high = bars.high[i]!
  }
  return { low, high }
}

/** The open of the first second that starts at or after `at` while the market is open, or null (strategy, F1). */
export function firstSecond(seconds: BarSeries, kind: SessionKind, at: EpochMs): Print | null {
  let i = lowerBound(seconds, at)
  for (; i < seconds.length; i = lowerBound(seconds, nextSession(seconds.time[i] as EpochMs, kind).from)) {
    const time = seconds.time[i] as EpochMs
    if (sessionAt(time, kind)) return { time, price: seconds.open[i]! }
  }
  return null
}
