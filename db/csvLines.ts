import { epochMs, isoInstant, SECOND_MS } from '../src/market/time.ts'
import type { BarRow } from './barSeries.ts'

const COMMA = 44
const MINUS = 45
const POINT = 46
const ZERO = 48
const NEWLINE = 10
const T = 84
const Z = 90

const DATE_BYTES = '2013-10-07'.length
const SECONDS_BYTES = '13:30:00'.length
const ZONE_BYTES = '+00'.length

/** No field becomes longer than its double and this: `1` at six decimals is `0.000001`. */
const MOST_ADDED_BYTES = 8
const PRICES = 4

/**
 * Lines of bars in whole numbers as COPY writes them, `2013-10-07 13:30:00+00,1674100,…`, as the contract has them:
 * `2013-10-07T13:30:00Z,167.41,…`. Bytes are moved, not parsed: the database would take longer for the same text than
 * for everything else. `decimals` are those of the scale, at most six: JavaScript writes smaller numbers with an
 * exponent.
 */
export async function* csvLines(
  copied: AsyncIterable<Uint8Array>,
  decimals: number,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array()
  const lines = new Lines(decimals)
  for await (const chunk of copied) {
    // The chunk itself is never copied: what is allocated for it would be the memory of the export.
    const [start, end] = [chunk.indexOf(NEWLINE) + 1, chunk.lastIndexOf(NEWLINE) + 1]
    const first = Buffer.concat([rest, end > 0 ? chunk.subarray(0, start) : chunk])
    if (end > 0) yield lines.written(first, chunk.subarray(start, end))
    rest = end > 0 ? chunk.subarray(end) : first
  }
}

const LINES_PER_CHUNK = 1_000

/** The same lines of rows, of which no more are held than a chunk has. */
export function* rowLines(rows: Iterable<BarRow>, scale: number): Generator<Uint8Array> {
  let lines: string[] = []
  for (const row of rows) {
    lines.push(lineOf(row, scale))
    if (lines.length < LINES_PER_CHUNK) continue
    yield Buffer.from(lines.join(''))
    lines = []
  }
  yield Buffer.from(lines.join(''))
}

function lineOf([time, open, high, low, close, volume, vwap, tradeCount]: BarRow, scale: number): string {
  const prices = [open / scale, high / scale, low / scale, close / scale]
  const at = isoInstant(epochMs(time * SECOND_MS))
  return `${[at, ...prices, volume, vwap === null ? null : vwap / scale, tradeCount].join(',')}\n`
}

/** A place in whole lines, and what has been written of them: into one buffer again and again, for the memory's sake. */
class Lines {
  readonly #decimals: number
  #lines: Uint8Array = new Uint8Array()
  #out: Uint8Array = new Uint8Array()
  #at = 0
  #end = 0

  constructor(decimals: number) {
    this.#decimals = decimals
  }

  /** The lines of both parts in a copy, which the next ones leave alone. */
  written(first: Uint8Array, others: Uint8Array): Uint8Array {
    const most = (first.length + others.length) * 2 + MOST_ADDED_BYTES
    if (this.#out.length < most) this.#out = new Uint8Array(most)
    this.#end = 0
    this.#take(first)
    this.#take(others)
    return this.#out.slice(0, this.#end)
  }

  #take(lines: Uint8Array): void {
    this.#lines = lines
    this.#at = 0
    while (this.#at < lines.length) this.#line()
  }

  /** Time, open, high, low, close, volume, vwap, trade count. */
  #line(): void {
    this.#time()
    for (let k = 0; k < PRICES; k++) this.#price()
    this.#field()
    this.#price()
    this.#field()
  }

  #time(): void {
    this.#copy(DATE_BYTES)
    this.#out[this.#end++] = T
    this.#at++
    this.#copy(SECONDS_BYTES)
    this.#out[this.#end++] = Z
    this.#at += ZONE_BYTES
    this.#copy(1)
  }

  /** The point goes before the last `decimals` digits, of which those that are zero at the end are left out. */
  #price(): void {
    if (this.#lines[this.#at] === MINUS) this.#copy(1)
    const stop = this.#stop()
    const point = stop - this.#decimals
    let last = stop
    while (last > point && last > this.#at && this.#lines[last - 1] === ZERO) last--
    if (stop > this.#at) this.#number(point, last)
    this.#at = stop
    this.#copy(1)
  }

  /** The digits up to `last`, of which those from `point` on are decimals. */
  #number(point: number, last: number): void {
    if (point <= this.#at) this.#out[this.#end++] = ZERO
    else this.#copy(point - this.#at)
    if (last <= this.#at) return
    this.#out[this.#end++] = POINT
    for (let k = point; k < this.#at; k++) this.#out[this.#end++] = ZERO
    this.#copy(last - this.#at)
  }

  #field(): void {
    this.#copy(this.#stop() + 1 - this.#at)
  }

  /** Where the field ends. */
  #stop(): number {
    let stop = this.#at
    while (this.#lines[stop] !== COMMA && this.#lines[stop] !== NEWLINE) stop++
    return stop
  }

  #copy(count: number): void {
    for (let k = 0; k < count; k++) this.#out[this.#end++] = this.#lines[this.#at++]!
  }
}
