import type { EpochMs } from './time.ts'

/** One OHLCV row. `time` is the instant at which the bar starts. */
export interface Bar {
  readonly time: EpochMs
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** Shares traded. */
  readonly volume: number
  /** Volume-weighted average price, or null where the source has none. */
  readonly vwap: number | null
  /** Number of trades, or null where the source has none. */
  readonly tradeCount: number | null
}

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume', 'vwap', 'tradeCount'] as const

const BYTES_PER_VALUE = Float64Array.BYTES_PER_ELEMENT

/**
 * Bars as columns, oldest first. The columns lie in one SharedArrayBuffer, so a worker reads them without a copy.
 * Hot code reads `bars.high[i]`, cold code `bars.at(i)`. In the columns `vwap` and `tradeCount` hold NaN for null.
 * Columns are longer than `length`: read only below it, and not through a reference kept across `push`.
 */
export class BarSeries {
  length = 0
  time!: Float64Array
  open!: Float64Array
  high!: Float64Array
  low!: Float64Array
  close!: Float64Array
  volume!: Float64Array
  vwap!: Float64Array
  tradeCount!: Float64Array

  constructor(capacity = 64) {
    this.#allocate(Math.max(1, capacity))
  }

  static of(bars: Iterable<Bar>): BarSeries {
    const series = new BarSeries()
    for (const bar of bars) series.push(bar)
    return series
  }

  push(bar: Bar): void {
    if (this.length === this.time.length) this.#grow()
    const i = this.length++
    this.time[i] = bar.time
    this.open[i] = bar.open
    this.high[i] = bar.high
    this.low[i] = bar.low
    this.close[i] = bar.close
    this.volume[i] = bar.volume
    this.vwap[i] = bar.vwap ?? Number.NaN
    this.tradeCount[i] = bar.tradeCount ?? Number.NaN
  }

  /** Bar `i` as a row. Throws a RangeError outside 0 <= i < length. */
  at(i: number): Bar {
    if (!(i >= 0 && i < this.length)) throw new RangeError(`no bar ${i} of ${this.length}`)
    return {
      time: this.time[i] as EpochMs,
      open: this.open[i]!,
      high: this.high[i]!,
      low: this.low[i]!,
      close: this.close[i]!,
      volume: this.volume[i]!,
      vwap: nullable(this.vwap[i]!),
      tradeCount: nullable(this.tradeCount[i]!),
    }
  }

  *[Symbol.iterator](): Generator<Bar> {
    for (let i = 0; i < this.length; i++) yield this.at(i)
  }

  #allocate(capacity: number): void {
    const buffer = new SharedArrayBuffer(capacity * COLUMNS.length * BYTES_PER_VALUE)
    for (const [k, name] of COLUMNS.entries()) {
      this[name] = new Float64Array(buffer, k * capacity * BYTES_PER_VALUE, capacity)
    }
  }

  #grow(): void {
    const before = COLUMNS.map((name) => this[name])
    this.#allocate(this.length * 2)
    for (const [k, name] of COLUMNS.entries()) this[name].set(before[k]!)
  }
}

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** The first index whose bar starts at or after `at`; `length` when there is none. */
export function lowerBound(bars: BarSeries, at: EpochMs): number {
  let low = 0
  let high = bars.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bars.time[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}

/** The bars with `from` <= time < `to`, copied. */
export function slice(bars: BarSeries, from: EpochMs, to: EpochMs): BarSeries {
  const part = new BarSeries()
  const end = lowerBound(bars, to)
  for (let i = lowerBound(bars, from); i < end; i++) part.push(bars.at(i))
  return part
}

/** The first `length` bars, in the same memory. Nothing beyond them can be read through it. */
export function prefix(bars: BarSeries, length: number): BarSeries {
  const part = new BarSeries(1)
  for (const name of COLUMNS) part[name] = bars[name].subarray(0, length)
  part.length = length
  return part
}
