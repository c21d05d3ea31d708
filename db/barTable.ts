import { BAR_SIZES, type BarSize, barSizeMs } from '../src/market/barSize.ts'
import { SECOND_MS } from '../src/market/time.ts'

/** Where bars of a size lie. */
export interface BarTable {
  readonly name: 'second_bars' | 'bars'
  readonly key: string
  /** The condition that a row is of size $2. */
  readonly sizeIs: string
  /** Every column. `time` and those in `wide` take eight bytes, the others four. */
  readonly columns: readonly string[]
  readonly wide: readonly string[]
}

/** What an ingest may change. */
export const VALUES = ['open', 'high', 'low', 'close', 'volume', 'vwap', 'trade_count'] as const

const SECOND_BARS: BarTable = {
  name: 'second_bars',
  key: 'instrument, time',
  sizeIs: '$2::int4 = 1',
  columns: ['time', 'instrument', ...VALUES],
  wide: ['time'],
}

const BARS: BarTable = {
  name: 'bars',
  key: 'instrument, size, time',
  sizeIs: 'size = $2',
  columns: ['time', 'instrument', 'size', ...VALUES],
  wide: ['time', 'volume'],
}

export const tableOf = (size: BarSize): BarTable => (size === '1s' ? SECOND_BARS : BARS)

/** The size as it is stored. */
export const sizeSeconds = (size: BarSize): number => barSizeMs(size) / SECOND_MS

export const sizeOf = (seconds: number): BarSize => BAR_SIZES.find((size) => sizeSeconds(size) === seconds)!
