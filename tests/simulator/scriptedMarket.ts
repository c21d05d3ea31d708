import { BarSeries } from '../../src/market/series.ts'
import { parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import { type MarketSource, within } from '../../src/simulator/market.ts'
import { askOf, bidOf, spreadsOf } from '../../src/simulator/quotes.ts'

/** A second that trades: its prices in their order, and its shares. Null for one that does not. */
export type ScriptedSecond =
  | readonly [open: number, high: number, low: number, close: number, volume?: number]
  | null

/** A market of SPY that does what a test says, from an instant on, second by second. */
export function scriptedMarket(start: string, script: readonly ScriptedSecond[]): MarketSource {
  const bars = BarSeries.of(
    script.flatMap((second, i) => {
      if (second === null) return []
      const [open, high, low, close, volume = 100_000] = second
      const time = plus(parseInstant(start), i * SECOND_MS)
      return [{ time, open, high, low, close, volume, vwap: null, tradeCount: null }]
    }),
  )
  return {
    ...generatedMarket({ seed: 1, symbols: ['SPY'] }),
    bars: (_symbol, session) => within({ stepMs: SECOND_MS, bars, first: 0, end: bars.length }, session),
  }
}

/** Where all prices are one. */
export const flat = (price: number, volume?: number): ScriptedSecond =>
  [price, price, price, price, ...(volume ? [volume] : [])] as never

/** What is quoted beside a price in a second. */
export function quoted(instant: string, price: number): { readonly bid: number; readonly ask: number } {
  const spread = spreadsOf('SPY')(parseInstant(instant))
  return { bid: bidOf(price, spread), ask: askOf(price, spread) }
}
