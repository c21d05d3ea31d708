import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflate, inflateSync } from 'node:zlib'
import type { BarRow } from './barSeries.ts'

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

/** Below every number that a column may hold. */
export const NULL = -(2 ** 31)

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
export const separate = (columns: Columns): Int32Array[] =>
  Array.from({ length: COLUMNS }, (_, k) =>
    columns.subarray(k * lengthOf(columns), (k + 1) * lengthOf(columns)),
  )

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

const compress = promisify(deflate)

/** Compressed to a tenth of a row: differences to what lies near, the lowest bytes of a column first, deflated. */
export const packed = (columns: Columns): Promise<Buffer> => compress(bytePlanes(differences(columns)))

/**
 * What `packed` was given. Throws when a byte of it has changed: zlib keeps a checksum. At once, in two milliseconds: the
 * threads that would do it meanwhile keep the memory of each day for themselves.
 */
export const unpacked = (bytes: Buffer): Columns => summed(joinedPlanes(inflateSync(bytes)))

/** A time counts from the one before, an open from the last close, prices from the open. Wraps around at 32 bits. */
function differences(columns: Columns): Int32Array {
  const length = columns.length / COLUMNS
  const written = new Int32Array(columns.length)
  for (let at = 0; at < columns.length; at++) written[at] = columns[at]! - guess(columns, length, at)
  return written
}

/** The inverse, in place and row by row: a guess reads only what stands before it in the row, or the row before. */
function summed(numbers: Int32Array): Columns {
  const [time, open, high, low, close, , vwap] = separate(numbers) as Int32Array[]
  for (let i = 0; i < lengthOf(numbers); i++) {
    time![i]! += i === 0 ? 0 : time![i - 1]!
    open![i]! += i === 0 ? 0 : close![i - 1]!
    const from = open![i]!
    high![i]! += from
    low![i]! += from
    close![i]! += from
    vwap![i]! += from
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

/** The lowest byte of every number, then the next: small numbers leave runs of zeros. The sign becomes the lowest bit. */
function bytePlanes(numbers: Int32Array): Uint8Array {
  const planes = new Uint8Array(numbers.length * BYTES)
  for (const [at, number] of numbers.entries()) {
    const zigzag = (number << 1) ^ (number >> 31)
    for (let k = 0; k < BYTES; k++) planes[k * numbers.length + at] = zigzag >>> (8 * k)
  }
  return planes
}

function joinedPlanes(planes: Uint8Array): Int32Array {
  const length = planes.length / BYTES
  const numbers = new Int32Array(length)
  for (let at = 0; at < length; at++) {
    const lower = planes[at]! | (planes[length + at]! << 8)
    const upper = planes[2 * length + at]! | (planes[3 * length + at]! << 8)
    const zigzag = lower | (upper << 16)
    numbers[at] = (zigzag >>> 1) ^ -(zigzag & 1)
  }
  return numbers
}
