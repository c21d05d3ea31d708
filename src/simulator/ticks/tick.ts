import type { Bar } from '../../market/series.ts'
import { type EpochMs, floorTo, plus, SECOND_MS } from '../../market/time.ts'
import { type Quote, quoteAround, spreadsOf } from '../quotes.ts'

/** A trade, and the quote around it. */
export interface Tick {
  /** Whole seconds. */
  readonly time: EpochMs
  readonly price: number
  /** Shares. */
  readonly size: number
  readonly quote: Quote
}

/** So many ticks stand for all of a bar's trades at most. */
const MOST_TICKS = 50

/** The ticks of a bar, always the same: from its open over its extremes to its close, sizes adding up to its volume. */
export function ticksOf(symbol: string, bar: Bar, stepMs: number): Tick[] {
  if (bar.volume <= 0) return []
  const path = pathOf(bar)
  const count = Math.max(path.length, Math.min(bar.tradeCount ?? 1, Math.floor(bar.volume), MOST_TICKS))
  const spread = spreadsOf(symbol)(bar.time)
  return Array.from({ length: count }, (_, k) => {
    const price = path[Math.floor((k * path.length) / count)]!
    return {
      time: floorTo(plus(bar.time, Math.floor((k * stepMs) / count)), SECOND_MS),
      price,
      size: sizeOf(bar.volume, k, count),
      quote: quoteAround(symbol, bar.time + k, price, spread),
    }
  })
}

/** The prices that a bar must have seen, each once where neighbours are the same. */
function pathOf({ open, high, low, close }: Bar): number[] {
  const path = close >= open ? [open, low, high, close] : [open, high, low, close]
  return path.filter((price, k) => k === 0 || price !== path[k - 1])
}

/** The share of tick `k`, in whole shares where there are enough; the last one takes what is left. */
function sizeOf(volume: number, k: number, count: number): number {
  const each = volume >= count ? Math.floor(volume / count) : volume / count
  return k < count - 1 ? each : volume - each * (count - 1)
}
