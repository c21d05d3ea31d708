import fc from 'fast-check'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { sessionsBetween } from '../../src/market/session.ts'
import { type EpochMs, MINUTE_MS, parseInstant, plus } from '../../src/market/time.ts'

/** Open, high, low and close; or one price for all four. */
export type Row = number | readonly [open: number, high: number, low: number, close: number]

const STEP_MS = 5 * MINUTE_MS

/** Starts of five minutes in regular hours, on from a Monday's open over nights and weekends. */
const STARTS: readonly EpochMs[] = sessionsBetween(
  { from: parseInstant('2013-10-07T00:00:00Z'), to: parseInstant('2013-10-29T00:00:00Z') },
  'rth',
).flatMap(({ from, to }) => Array.from({ length: (to - from) / STEP_MS }, (_, k) => plus(from, k * STEP_MS)))

/** The start of the k-th five minutes from 2013-10-07T13:30:00Z on. */
export const startOf = (k: number): EpochMs => STARTS[k]!

/** Five-minute candles in a row. */
export const candles = (rows: readonly Row[]): BarSeries => BarSeries.of(rows.map(candle))

function candle(row: Row, k: number): Bar {
  const [open, high, low, close] = typeof row === 'number' ? [row, row, row, row] : row
  return { time: startOf(k), open, high, low, close, volume: 100, vwap: null, tradeCount: null }
}

/** Few prices, so that many are equal: halves between 99 and 103. */
const price = fc.integer({ min: 198, max: 206 }).map((halves) => halves / 2)

const row = fc
  .tuple(price, price, price, price)
  .map(([open, close, a, b]): Row => [open, Math.max(open, close, a, b), Math.min(open, close, a, b), close])

export const someRows = (maxLength: number): fc.Arbitrary<Row[]> =>
  fc.array(row, { minLength: 1, maxLength, size: 'max' })
