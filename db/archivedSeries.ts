import type { PoolClient } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type Instrument, unscaledPrice } from '../src/market/instrument.ts'
import { BarSeries } from '../src/market/series.ts'
import { exchangeDate } from '../src/market/session.ts'
import { plus, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import { type Columns, lengthOf, separate, unpacked } from './archiveColumns.ts'
import { copiedBlobs } from './copiedBlobs.ts'
import { NULL } from './numberPacking.ts'

/**
 * The seconds of archived days from column to column, a day a series, each written over the one before. One statement
 * sends them all, and the server makes the next ones ready meanwhile.
 */
export async function* archivedSeries(
  client: PoolClient,
  instrument: Instrument,
  range: TimeRange,
): AsyncGenerator<BarSeries> {
  const copied = client.query(copyTo(copyOf(instrument, range)))
  let series = new BarSeries()
  let room: Columns = new Int32Array()
  for await (const [first, bytes] of copiedBlobs(copied)) {
    const columns = unpacked(bytes, room)
    if (columns.buffer.byteLength > room.byteLength) room = new Int32Array(columns.buffer)
    if (series.time.length < lengthOf(columns)) series = new BarSeries(lengthOf(columns))
    fillSeries(series, columns, first, instrument)
    yield series
  }
}

/** COPY takes no parameters: these are numbers and dates that we write ourselves. */
const copyOf = ({ id }: Instrument, { from, to }: TimeRange): string => `copy (
    select date_part('epoch', first)::int8, columns from archives
    where instrument = ${id} and date between '${exchangeDate(from)}' and '${exchangeDate(plus(to, -1))}'
    order by date
  ) to stdout with (format binary)`

function fillSeries(series: BarSeries, columns: Columns, first: number, { priceScale }: Instrument): void {
  series.length = lengthOf(columns)
  const [time, open, high, low, close, volume, vwap, tradeCount] = separate(columns)
  for (let i = 0; i < series.length; i++) series.time[i] = (first + time[i]!) * SECOND_MS
  fillPrices(series.open, open, priceScale)
  fillPrices(series.high, high, priceScale)
  fillPrices(series.low, low, priceScale)
  fillPrices(series.close, close, priceScale)
  fillPrices(series.vwap, vwap, priceScale)
  for (let i = 0; i < series.length; i++) {
    series.volume[i] = volume[i]!
    series.tradeCount[i] = tradeCount[i]!
  }
  leaveOut(series.vwap, vwap)
  leaveOut(series.tradeCount, tradeCount)
}

function fillPrices(column: Float64Array, stored: Int32Array, scale: number): void {
  for (let i = 0; i < stored.length; i++) column[i] = unscaledPrice(stored[i]!, scale)
}

/** In the columns NaN stands for null. */
function leaveOut(column: Float64Array, stored: Int32Array): void {
  for (let i = stored.indexOf(NULL); i >= 0; i = stored.indexOf(NULL, i + 1)) column[i] = Number.NaN
}
