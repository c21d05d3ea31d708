import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { BarRow } from './barSeries.ts'
import { DEFLATED, inflated } from './deflatedColumns.ts'
import { NULL, packNumbers, unpackNumbers } from './numberPacking.ts'

/**
 * Seconds as one array of int32, column after column: time (from the first bar on), open, high, low, close, volume,
 * vwap, trade count.
 */
export type Columns = Int32Array

const COLUMNS = 8
const TIME = 0
const OPEN = 1
const CLOSE = 4
const BYTES = Int32Array.BYTES_PER_ELEMENT

/** Rows of at least one second, oldest first. */
export function columnsOf(rows: readonly BarRow[]): Columns {
  const columns = new Int32Array(rows.length * COLUMNS)
  const first = rows[0]![TIME]
  for (const [i, row] of rows.entries()) {
    for (let k = 0; k < COLUMNS; k++) columns[k * rows.length + i] = row[k] ?? NULL
    columns[i] = row[TIME] - first
  }
  return columns
}

/** The rows again. `first` is the start of the first bar in epoch seconds. */
export const rowsOf = (columns: Columns, first: number): BarRow[] =>
  Array.from({ length: lengthOf(columns) }, (_, i) => rowAt(columns, first, i))

/** How many rows there are. */
export const lengthOf = (columns: Columns): number => columns.length / COLUMNS

/** Each column by itself, a view of the whole. */
export function separate(columns: Columns): Separate {
  const length = lengthOf(columns)
  const column = (k: number) => columns.subarray(k * length, (k + 1) * length)
  return [column(0), column(1), column(2), column(3), column(4), column(5), column(6), column(7)]
}

/** In the order of a row. */
type Separate = [Column, Column, Column, Column, Column, Column, Column, Column]
type Column = Int32Array

/** One of the rows, counted from 0. */
export function rowAt(columns: Columns, first: number, i: number): BarRow {
  const length = lengthOf(columns)
  const row = Array.from({ length: COLUMNS }, (_, k) => unlessNull(columns[k * length + i]!))
  row[TIME] = first + columns[i]!
  return row as BarRow
}

const unlessNull = (stored: number): number | null => (stored === NULL ? null : stored)

/** SHA-256 of the columns. */
export const hashOf = (columns: Columns): Buffer => createHash('sha256').update(columns).digest()

/** The format of what follows, in the first byte: not how deflated bytes begin. */
const PACKED = 2

/**
 * Compressed to a twentieth of a row: differences to what lies near, each column packed by itself. In words: the format,
 * the number of rows, the columns, and a checksum of what stands before it.
 */
export function packed(columns: Columns): Buffer {
  const parts = separate(differences(columns)).map(packNumbers)
  const words = new Int32Array(parts.reduce((sum, { length }) => sum + length, 3))
  words.set([PACKED, lengthOf(columns)])
  let at = 2
  for (const part of parts) {
    words.set(part, at)
    at += part.length
  }
  words[at] = crc32(words.subarray(0, at))
  return Buffer.from(words.buffer)
}

/**
 * What `packed` was given, now or when it still deflated; in `room` if it has room for it. Throws when a byte of it has
 * changed.
 */
export const unpacked = (bytes: Uint8Array, room: Columns = new Int32Array()): Columns =>
  summed(bytes[0] === DEFLATED ? inflated(bytes) : unpackedNumbers(wordsOf(bytes), room))

function unpackedNumbers(words: Int32Array, room: Int32Array): Int32Array {
  const [format, length] = words as unknown as [number, number]
  if (format !== PACKED || (crc32(words.subarray(0, -1)) | 0) !== words.at(-1))
    throw new Error('the archive is damaged')
  const size = length * COLUMNS
  const numbers = room.length < size ? new Int32Array(size) : room.subarray(0, size)
  let at = 2
  for (let k = 0; k < COLUMNS; k++) {
    at = unpackNumbers(words, at, numbers.subarray(k * length, (k + 1) * length))
  }
  return numbers
}

/** Copied to where words may lie. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(bytes.length / BYTES)
  new Uint8Array(words.buffer).set(bytes)
  return words
}

/** A time counts from the one before, an open from the last close, prices from the open; null stays null. */
function differences(columns: Columns): Int32Array {
  const length = lengthOf(columns)
  return columns.map((number, at) => (number === NULL ? NULL : number - guess(columns, length, at)))
}

/** The inverse, in place and row by row: a guess reads only what stands before it in the row, or the row before. */
function summed(numbers: Int32Array): Columns {
  const length = lengthOf(numbers)
  const [time, open, high, low, close, , vwap] = separate(numbers)
  let [before, last] = [0, 0]
  for (let i = 0; i < length; i++) {
    before = (before + time[i]!) | 0
    const from = (last + open[i]!) | 0
    last = (from + close[i]!) | 0
    time[i] = before
    open[i] = from
    high[i] = from + high[i]!
    low[i] = from + low[i]!
    close[i] = last
    if (vwap[i] !== NULL) vwap[i] = from + vwap[i]!
  }
  return numbers
}

/** By column: what the number at an index is likely to be. */
const COUNTED_FROM = ['before', 'lastClose', 'open', 'open', 'open', 'zero', 'open', 'zero'] as const

function guess(columns: Columns, length: number, at: number): number {
  const i = at % length
  switch (COUNTED_FROM[Math.floor(at / length)]!) {
    case 'before':
      return i === 0 ? 0 : columns[at - 1]!
    case 'lastClose':
      return i === 0 ? 0 : columns[CLOSE * length + i - 1]!
    case 'open':
      return columns[OPEN * length + i]!
    case 'zero':
      return 0
  }
}
