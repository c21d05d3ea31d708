import { type Instrument, unscaledPrice } from '../src/market/instrument.ts'
import { BarSeries } from '../src/market/series.ts'
import { isoInstant, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import { type Columns, lengthOf, NULL, separate, unpacked } from './archiveColumns.ts'
import { OF_BAR } from './quarantine.ts'
import type { Session } from './session.ts'

/**
 * The seconds of an archived date from column to column. Null where more is to be heeded than the archive: seconds of
 * that date in the table, some that are excluded, or a range that does not hold it whole.
 */
export async function archivedSeries(
  session: Session,
  instrument: Instrument,
  { from, to }: TimeRange,
): Promise<BarSeries | null> {
  const values = [instrument.id, 1, isoInstant(from), isoInstant(to)]
  const [day] = await session.rows<[number, Buffer]>(ALONE, values)
  return day ? seriesOf(unpacked(day[1]), day[0], instrument) : null
}

const ALONE = `
  select date_part('epoch', first), columns from archives
  where instrument = $1 and first >= $3 and last < $4
    and not exists (select from second_bars where instrument = $1 and time >= $3 and time < $4)
    and not exists (select from quarantine where ${OF_BAR} and state = 'excluded')`

function seriesOf(columns: Columns, first: number, { priceScale }: Instrument): BarSeries {
  const series = new BarSeries(lengthOf(columns))
  series.length = lengthOf(columns)
  const [time, open, high, low, close, volume, vwap, tradeCount] = separate(columns) as Int32Array[]
  for (let i = 0; i < series.length; i++) series.time[i] = (first + time![i]!) * SECOND_MS
  fill(series.open, open!, priceScale)
  fill(series.high, high!, priceScale)
  fill(series.low, low!, priceScale)
  fill(series.close, close!, priceScale)
  fill(series.volume, volume!, 1)
  fill(series.vwap, vwap!, priceScale)
  fill(series.tradeCount, tradeCount!, 1)
  return series
}

function fill(column: Float64Array, stored: Int32Array, scale: number): void {
  for (let i = 0; i < stored.length; i++) {
    column[i] = stored[i] === NULL ? Number.NaN : unscaledPrice(stored[i]!, scale)
  }
}
