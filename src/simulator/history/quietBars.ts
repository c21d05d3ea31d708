import { type Bar, BarSeries } from '../../market/series.ts'
import type { EpochMs, TimeRange } from '../../market/time.ts'

export interface Quiet {
  /** Where bars begin and end within the session. */
  readonly startOf: (time: EpochMs) => EpochMs
  readonly endOf: (time: EpochMs) => EpochMs
  readonly range: TimeRange
  /** The last trade before the range, or null when the session has none. */
  readonly priceBefore: number | null
}

/** The bars of a range with a flat one, without volume, wherever nothing traded after the session's first trade. */
export function withQuietBars(bars: BarSeries, { startOf, endOf, range, priceBefore }: Quiet): BarSeries {
  const whole = new BarSeries(bars.length)
  let price = priceBefore
  let i = 0
  for (let time = startOf(range.from); time < range.to; time = endOf(time)) {
    const bar = i < bars.length && bars.time[i] === time ? bars.at(i++) : flatBar(time, price)
    if (bar) whole.push(bar)
    price = bar?.close ?? price
  }
  return whole
}

const flatBar = (time: EpochMs, price: number | null): Bar | null =>
  price === null
    ? null
    : {
        time,
        ...{ open: price, high: price, low: price, close: price },
        ...{ volume: 0, vwap: price, tradeCount: 0 },
      }
