import { type Bar, BarSeries } from '../../market/series.ts'
import { type EpochMs, earlier, epochMs, later, plus, type TimeRange } from '../../market/time.ts'
import type { MarketBars } from '../market.ts'
import { askOf, bidOf, midpointOf, type Spread, spreadsOf } from '../quotes.ts'
import type { QuoteKind } from './shown.ts'

export interface QuoteWish {
  readonly symbol: string
  readonly shown: QuoteKind
  readonly range: TimeRange
  /** Where the bar that holds an instant ends: a quote that stands longer is told again in the next. */
  readonly barEnd: (time: EpochMs) => EpochMs
}

/**
 * Quotes as bars to be folded, out of a session's trades: one for each bar that traded, one flat for each stretch
 * without a trade, in which the last quote stands. There is none before the session's first trade. `volume` is the
 * time for which they hold, in steps of the source; of BID_ASK `open` is the bid and `close` the ask at the end.
 * They are made in `room`, where there is enough of it.
 */
export function quoteBars(source: MarketBars, wish: QuoteWish, room?: BarSeries): BarSeries {
  const { bars, stepMs, end } = source
  const { symbol, shown, range, barEnd } = wish
  const quotes = emptied(room, 2 * Math.ceil((range.to - range.from) / stepMs) + 2)
  const spreadAt = spreadsOf(symbol)
  for (let i = standingAt(source, range.from); i < end && bars.time[i]! < range.to; i++) {
    const bar = bars.at(i)
    const spread = spreadAt(bar.time)
    const over = plus(bar.time, stepMs)
    if (over > range.from) add(quotes, quoted(bar, later(bar.time, range.from), 1, shown, spread))
    const stillUntil = earlier(i + 1 < end ? epochMs(bars.time[i + 1]!) : range.to, range.to)
    for (let at = later(over, range.from); at < stillUntil; ) {
      const until = earlier(barEnd(at), stillUntil)
      add(quotes, quoted(settled(bar), at, (until - at) / stepMs, shown, spread))
      at = until
    }
  }
  return quotes
}

/** A year of days would else leave gigabytes behind, faster than they are collected. */
function emptied(room: BarSeries | undefined, most: number): BarSeries {
  if (room === undefined || room.time.length < most) return new BarSeries(most)
  room.length = 0
  return room
}

/** Adds a quote to a series with room for it: for each step there are two at most. Years of seconds pass here. */
function add(quotes: BarSeries, { time, open, high, low, close, volume }: Bar): void {
  const at = quotes.length++
  quotes.time[at] = time
  quotes.open[at] = open
  quotes.high[at] = high
  quotes.low[at] = low
  quotes.close[at] = close
  quotes.volume[at] = volume
  quotes.vwap[at] = Number.NaN
  quotes.tradeCount[at] = Number.NaN
}

/** The bar whose quote stands at `at`, or the first after it. */
function standingAt({ bars, first, end }: MarketBars, at: EpochMs): number {
  let [low, high] = [first, end]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bars.time[middle]! <= at) low = middle + 1
    else high = middle
  }
  return Math.max(first, low - 1)
}

const PRICES = { BID: bidOf, ASK: askOf, MIDPOINT: midpointOf } as const

/** The quotes of a bar, which hold for so many steps of the source. */
function quoted(bar: Bar, time: EpochMs, steps: number, shown: QuoteKind, spread: Spread): Bar {
  const priceOf = shown === 'BID_ASK' ? null : PRICES[shown]
  return {
    time,
    open: priceOf ? priceOf(bar.open, spread) : bidOf(bar.close, spread),
    high: (priceOf ?? askOf)(bar.high, spread),
    low: (priceOf ?? bidOf)(bar.low, spread),
    close: (priceOf ?? askOf)(bar.close, spread),
    volume: steps,
    vwap: null,
    tradeCount: null,
  }
}

/** A bar in which the price stays where it closed. */
const settled = ({ time, close, volume }: Bar): Bar => ({
  time,
  open: close,
  high: close,
  low: close,
  close,
  volume,
  vwap: null,
  tradeCount: null,
})
