import { type Instrument, unscaledPrice } from '../src/market/instrument.ts'
import { BarSeries } from '../src/market/series.ts'
import { epochMs, SECOND_MS } from '../src/market/time.ts'
import { vwapOf } from '../src/market/vwap.ts'
import type { BarRows } from './barRows.ts'

/** Seconds since the epoch as a float: exact for whole seconds, and much faster to read than a timestamp. */
export const EPOCH_S = `date_part('epoch', time)`

/** Epoch seconds, open, high, low, close, volume, vwap or (in a rollup) its sum over the volume, trade count. */
export type BarRow = [number, number, number, number, number, number, number | null, number | null]

/** The same bars as they will be read. */
export function storedBars({ length, columns }: BarRows, instrument: Instrument): BarSeries {
  const bars = new BarSeries(length)
  const { priceScale } = instrument
  const price = (name: string, i: number) => unscaledPrice(columns[name]![i]!, priceScale)
  for (let i = 0; i < length; i++) {
    bars.push({
      time: epochMs(columns.time![i]!),
      open: price('open', i),
      high: price('high', i),
      low: price('low', i),
      close: price('close', i),
      volume: columns.volume![i]!,
      vwap: nullable(price('vwap', i)),
      tradeCount: nullable(columns.trade_count![i]!),
    })
  }
  return bars
}

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value)

type Vwap = (row: BarRow) => number | null

export const storedSeries = (rows: readonly BarRow[], instrument: Instrument): BarSeries =>
  seriesOf(rows, instrument, (row) => row[6] && unscaledPrice(row[6], instrument.priceScale))

/** `vwapOf` counts in steps of 1/10000 of the currency. */
const STEPS = 10_000

export const rollupSeries = (rows: readonly BarRow[], instrument: Instrument): BarSeries =>
  seriesOf(rows, instrument, (row) =>
    row[6] === null ? null : vwapOf((row[6] * STEPS) / instrument.priceScale, row[5]),
  )

/** Without a bar for each row: every question about bars reads a page of them. */
function seriesOf(rows: readonly BarRow[], { priceScale }: Instrument, vwapIn: Vwap): BarSeries {
  const series = new BarSeries(rows.length)
  const { time, open, high, low, close, volume, vwap, tradeCount } = series
  for (const [i, row] of rows.entries()) {
    time[i] = row[0] * SECOND_MS
    open[i] = unscaledPrice(row[1], priceScale)
    high[i] = unscaledPrice(row[2], priceScale)
    low[i] = unscaledPrice(row[3], priceScale)
    close[i] = unscaledPrice(row[4], priceScale)
    volume[i] = row[5]
    vwap[i] = vwapIn(row) ?? Number.NaN
    tradeCount[i] = row[7] ?? Number.NaN
  }
  series.length = rows.length
  return series
}
