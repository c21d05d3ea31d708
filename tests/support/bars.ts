import fc from 'fast-check'
import type { Bar } from '../../src/market/series.ts'
import { type EpochMs, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import type { QualifiedInstrument } from '../../src/ports/marketData.ts'

/** A Friday evening in New York, inside extended hours, 20 minutes before February begins in UTC. */
export const EVENING = parseInstant('2014-01-31T23:40:00Z')

export const spy: QualifiedInstrument = {
  symbol: 'SPY',
  conId: 756_733,
  exchange: 'SMART',
  primaryExchange: 'ARCA',
  currency: 'USD',
  minTick: 0.01,
  priceScale: 10_000,
}

/** Second `i` of the evening. */
export const secondAt = (i: number): EpochMs => plus(EVENING, i * SECOND_MS)

export const bar = (i: number, fields: Partial<Bar> = {}): Bar => ({
  time: secondAt(i),
  open: 178.1,
  high: 178.2,
  low: 178,
  close: 178.15,
  volume: 100,
  vwap: 178.1234,
  tradeCount: 7,
  ...fields,
})

const price = fc.integer({ min: 1_780_000, max: 1_790_000 }).map((scaled) => scaled / 10_000)

/** Second bars of the evening, 40 minutes long: in order, each second at most once. */
export const someSeconds: fc.Arbitrary<Bar[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 2_399 }), { minLength: 1, maxLength: 120 })
  .chain((seconds) => fc.tuple(...seconds.sort((a, b) => a - b).map(secondBar)))

/** Bars of these seconds with other values. */
export const revised = (bars: readonly Bar[]): fc.Arbitrary<Bar[]> =>
  fc.tuple(...bars.map(({ time }) => secondBar((time - EVENING) / SECOND_MS)))

const secondBar = (second: number): fc.Arbitrary<Bar> =>
  fc
    .record({
      prices: fc.tuple(price, price, price, price),
      volume: fc.integer({ min: 0, max: 1_000_000 }),
      vwap: fc.option(price, { freq: 20 }),
      tradeCount: fc.option(fc.integer({ min: 1, max: 500 }), { freq: 20 }),
    })
    .map(({ prices: [open, close, a, b], ...rest }) =>
      bar(second, {
        open,
        close,
        high: Math.max(open, close, a, b),
        low: Math.min(open, close, a, b),
        ...rest,
      }),
    )
