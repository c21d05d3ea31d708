import { type Instrument, unscaledPrice } from '../src/market/instrument.ts'
import { BarSeries } from '../src/market/series.ts'
import { type EpochMs, epochMs } from '../src/market/time.ts'
import { vwapOf } from '../src/market/vwap.ts'
import { newYorkDay, newYorkInstant } from '../src/market/zone.ts'

/** What the seventh field holds: a price, or (as a float) the sum of vwap times volume. */
export type VwapField = 'price' | 'sum'

// PostgreSQL: COPY, Binary Format. A header, rows of fields with their lengths, a trailer; big-endian throughout.
const HEADER_BYTES = 19
const COUNT_BYTES = 2
const LENGTH_BYTES = 4
const FIELDS = 8
const VOLUME = 5
const VWAP = 6
const LONGEST_ROW_BYTES = COUNT_BYTES + FIELDS * (LENGTH_BYTES + 8)
const TRAILER = -1

/** Of seconds four, of larger bars eight. */
export type VolumeBytes = 4 | 8

/** Time and prices always have these lengths, and so has the volume of a table. */
const isUsual = (view: DataView, at: number, volume: VolumeBytes): boolean =>
  view.getInt16(at) === FIELDS && view.getInt32(at + VOLUME_AT) === volume

/** Where the length of a volume stands, behind a time of eight bytes and four prices of four. */
const VOLUME_AT = COUNT_BYTES + (LENGTH_BYTES + 8) + 4 * (LENGTH_BYTES + 4)

const int8 = (view: DataView, at: number): number => view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4)

/** Timestamps count microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0)

/** Past this a series ends with the exchange's day. */
const ENOUGH_ROWS = 40_000
const CAPACITY = 65_536

/** Rows of time, open, high, low, close, volume, vwap and trade count, as COPY sends them, straight into columns. */
export class ColumnDecoder {
  readonly #scale: number
  readonly #vwap: VwapField
  readonly #volumeBytes: VolumeBytes
  readonly #fields = new Float64Array(FIELDS)
  #rest: Uint8Array = new Uint8Array()
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = HEADER_BYTES
  #series = new BarSeries(CAPACITY)
  #midnight = Number.NEGATIVE_INFINITY

  constructor({ priceScale }: Instrument, vwap: VwapField, volumeBytes: VolumeBytes) {
    this.#scale = priceScale
    this.#vwap = vwap
    this.#volumeBytes = volumeBytes
  }

  /** Takes a chunk. Yields what it completes: whole days of the exchange, in a series that the next ones overwrite. */
  *push(chunk: Uint8Array): Generator<BarSeries> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    yield* this.#rows(() => this.#at + LONGEST_ROW_BYTES <= bytes.length)
    this.#rest = bytes.subarray(this.#at)
    this.#at = Math.max(0, this.#at - bytes.length)
  }

  /** The rows that are left when everything has come. */
  *end(): Generator<BarSeries> {
    const { length } = this.#rest
    this.#view = new DataView(this.#rest.buffer, this.#rest.byteOffset, length)
    yield* this.#rows(() => this.#at < length && this.#view.getInt16(this.#at) !== TRAILER)
    if (this.#series.length > 0) yield this.#series
  }

  *#rows(isRow: () => boolean): Generator<BarSeries> {
    for (this.#usualRows(); isRow(); this.#usualRows()) {
      this.#readFields()
      const time = epochMs(this.#fields[0]!)
      if (this.#isFull(time)) {
        yield this.#series
        this.#series.length = 0
      }
      this.#append(time)
    }
  }

  /**
   * The rows from here on that look like all of their table, of a day that is begun: nearly all, and in a third of the
   * time. Stops at any other. Only the last two fields may be null.
   */
  #usualRows(): void {
    if (this.#vwap !== 'price') return
    const [view, series, scale, volume] = [this.#view, this.#series, this.#scale, this.#volumeBytes]
    const last = view.byteLength - LONGEST_ROW_BYTES
    let { length } = series
    let at = this.#at
    while (at <= last && length < series.time.length && isUsual(view, at, volume)) {
      const time = int8(view, at + 6) / 1_000 + POSTGRES_EPOCH_MS
      if (time >= this.#midnight) break
      series.time[length] = time
      series.open[length] = unscaledPrice(view.getInt32(at + 18), scale)
      series.high[length] = unscaledPrice(view.getInt32(at + 26), scale)
      series.low[length] = unscaledPrice(view.getInt32(at + 34), scale)
      series.close[length] = unscaledPrice(view.getInt32(at + 42), scale)
      at += VOLUME_AT + LENGTH_BYTES
      series.volume[length] = volume === 4 ? view.getInt32(at) : int8(view, at)
      at += volume
      const hasVwap = view.getInt32(at) === 4
      at += LENGTH_BYTES
      series.vwap[length] = hasVwap ? unscaledPrice(view.getInt32(at), scale) : Number.NaN
      if (hasVwap) at += 4
      const isCounted = view.getInt32(at) === 4
      at += LENGTH_BYTES
      series.tradeCount[length++] = isCounted ? view.getInt32(at) : Number.NaN
      if (isCounted) at += 4
    }
    series.length = length
    this.#at = at
  }

  /** Whether a bar begins a day that shall not be in the series any more. */
  #isFull(time: EpochMs): boolean {
    if (time < this.#midnight) return false
    this.#midnight = newYorkInstant(newYorkDay(time) + 1, 0)
    return this.#series.length >= ENOUGH_ROWS
  }

  #readFields(): void {
    let at = this.#at + COUNT_BYTES
    for (let k = 0; k < FIELDS; k++) {
      const length = this.#view.getInt32(at)
      at += LENGTH_BYTES
      this.#fields[k] = length < 0 ? Number.NaN : this.#number(at, length, k)
      if (length > 0) at += length
    }
    this.#fields[0] = this.#fields[0]! / 1_000 + POSTGRES_EPOCH_MS
    this.#at = at
  }

  #number(at: number, length: number, field: number): number {
    if (length === 4) return this.#view.getInt32(at)
    if (field === VWAP) return this.#view.getFloat64(at)
    return int8(this.#view, at)
  }

  #append(time: EpochMs): void {
    const fields = this.#fields
    const volume = fields[VOLUME]!
    this.#series.push({
      time,
      open: unscaledPrice(fields[1]!, this.#scale),
      high: unscaledPrice(fields[2]!, this.#scale),
      low: unscaledPrice(fields[3]!, this.#scale),
      close: unscaledPrice(fields[4]!, this.#scale),
      volume,
      vwap: this.#vwapOf(fields[VWAP]!, volume),
      tradeCount: nullable(fields[7]!),
    })
  }

  #vwapOf(field: number, volume: number): number | null {
    if (Number.isNaN(field)) return null
    if (this.#vwap === 'price') return unscaledPrice(field, this.#scale)
    return vwapOf((field * VWAP_STEPS) / this.#scale, volume)
  }
}

/** `vwapOf` counts in steps of 1/10000 of the currency. */
const VWAP_STEPS = 10_000

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value)
