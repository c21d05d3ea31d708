import { invalid } from '../src/errors.ts'
import type { BarSize } from '../src/market/barSize.ts'
import { type Instrument, scaledPrice } from '../src/market/instrument.ts'
import { BarSeries } from '../src/market/series.ts'
import { type EpochMs, epochMs } from '../src/market/time.ts'
import { sizeSeconds } from './barTable.ts'

/** Bars of one instrument and size as the whole numbers that are stored, oldest first, each time once. */
export interface BarRows {
  /** How many; the columns are as long. */
  readonly length: number
  readonly instrument: number
  /** In seconds. */
  readonly size: number
  /** The start of the first bar, and of the last. */
  readonly first: EpochMs
  readonly last: EpochMs
  /** By the name of the database's column. NaN stands for null, `time` is in milliseconds. */
  readonly columns: Readonly<Record<string, Float64Array>>
}

const LARGEST_INT4 = 2 ** 31 - 1

/** At least one bar. Prices are rounded to the instrument's scale; what a column cannot hold is `invalid`. */
export function barRows(instrument: Instrument, size: BarSize, bars: BarSeries): BarRows {
  const sorted = eachTimeOnce(bars)
  const { length } = sorted
  const column = (name: 'time' | PricedColumn | CountedColumn) => sorted[name].subarray(0, length)
  const price = (name: PricedColumn) => whole(name, column(name), LARGEST_INT4, instrument.priceScale)
  const count = (name: CountedColumn, largest: number) => whole(name, column(name), largest)
  return {
    length,
    instrument: instrument.id,
    size: sizeSeconds(size),
    first: epochMs(sorted.time[0]!),
    last: epochMs(sorted.time[length - 1]!),
    columns: {
      time: column('time'),
      open: price('open'),
      high: price('high'),
      low: price('low'),
      close: price('close'),
      volume: count('volume', size === '1s' ? LARGEST_INT4 : Number.MAX_SAFE_INTEGER),
      vwap: price('vwap'),
      trade_count: count('tradeCount', LARGEST_INT4),
    },
  }
}

type PricedColumn = 'open' | 'high' | 'low' | 'close' | 'vwap'
type CountedColumn = 'volume' | 'tradeCount'

function whole(name: string, column: Float64Array, largest: number, scale = 1): Float64Array {
  const rounded = column.map((value) => scaledPrice(value, scale))
  const tooLarge = rounded.findIndex((value) => Math.abs(value) > largest)
  if (tooLarge >= 0) throw invalid(`a ${name} is too large to be stored: ${column[tooLarge]}`)
  return rounded
}

/** Sorted by time; of bars with the same time the last one sent stays. */
function eachTimeOnce(bars: BarSeries): BarSeries {
  if (isAscending(bars)) return bars
  const last = new Map([...bars].map((bar) => [bar.time, bar]))
  return BarSeries.of([...last.values()].sort((a, b) => a.time - b.time))
}

function isAscending({ time, length }: BarSeries): boolean {
  for (let i = 1; i < length; i++) if (time[i]! <= time[i - 1]!) return false
  return true
}
