import { type Bar, BarSeries } from '../market/series.ts'
import { toStep } from './quotes.ts'

/** From the session of `date` on (`YYYY-MM-DD`) there are `ratio` shares for each one before. */
export interface Split {
  readonly symbol: string
  readonly date: string
  readonly ratio: number
}

/** How many shares on the day `until` one share of the day `since` has become. */
export const sharesFor = (splits: readonly Split[], since: string, until: string): number =>
  splits.filter(({ date }) => since < date && date <= until).reduce((shares, { ratio }) => shares * ratio, 1)

/** A bar as it would be had each share been `shares` of them. */
export function divided(bar: Bar, shares: number): Bar {
  const at = (price: number) => toStep(price / shares)
  const prices = { open: at(bar.open), high: at(bar.high), low: at(bar.low), close: at(bar.close) }
  const vwap = bar.vwap === null ? null : at(bar.vwap)
  return { ...bar, ...prices, vwap, volume: Math.round(bar.volume * shares) }
}

/** Bars as they are traded once each share has become `shares`: prices stay on the one-cent grid. */
export function splitUp(bars: BarSeries, shares: number): BarSeries {
  if (shares === 1) return bars
  return BarSeries.of([...bars].map((bar) => onCents(divided(bar, shares))))
}

function onCents(bar: Bar): Bar {
  const cents = (price: number) => Math.max(1, Math.round(price * 100)) / 100
  const [open, high, low, close] = [cents(bar.open), cents(bar.high), cents(bar.low), cents(bar.close)]
  const vwap = bar.vwap === null ? null : Math.min(high, Math.max(low, bar.vwap))
  return { ...bar, open, high, low, close, vwap, volume: Math.max(1, bar.volume) }
}
