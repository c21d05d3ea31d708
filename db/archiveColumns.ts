import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'
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
const NULL = -(2 ** 31)

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
export function rowsOf(columns: Columns, first: number): BarRow[] {
  const length = columns.length / COLUMNS
  return Array.from({ length }, (_, i) => {
    const row = Array.from({ length: COLUMNS }, (_, k) => unlessNull(columns[k * length + i]!))
    row[TIME] = first + columns[i]!
    return row as BarRow
  })
}

const unlessNull = (stored: number): number | null => (stored === NULL ? null : stored)

/** SHA-256 of the columns. */
export const hashOf = (columns: Columns): Buffer => createHash('sha256').update(columns).digest()

const compress = promisify(deflate)
const expand = promisify(inflate)

/** Compressed to a tenth of a row: differences to what lies near, the lowest bytes of a column first, deflated. */
export const packed = (columns: Columns): Promise<Buffer> => compress(bytePlanes(differences(columns)))

/** What `packed` was given. Rejects when a byte of it has changed: zlib keeps a checksum. */
export async function unpacked(bytes: Buffer): Promise<Columns> {
  return summed(joinedPlanes(await expand(bytes)))
}

/** A time counts from the one before, an open from the last close, prices from the open. Wraps around at 32 bits. */
function differences(columns: Columns): Int32Array {
  const length = columns.length / COLUMNS
  const written = new Int32Array(columns.length)
  for (let at = 0; at < columns.length; at++) written[at] = columns[at]! - guess(columns, length, at)
  return written
}

/** The inverse, row by row: a guess reads only what stands before it in the row, or the row before. */
function summed(written: Int32Array): Columns {
  const length = written.length / COLUMNS
  const columns = new Int32Array(written.length)
  for (let i = 0; i < length; i++) {
    for (let at = i; at < written.length; at += length)
      columns[at] = written[at]! + guess(columns, length, at)
  }
  return columns
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
  const numbers = new Int32Array(planes.length / BYTES)
  for (let at = 0; at < numbers.length; at++) {
    let zigzag = 0
    for (let k = 0; k < BYTES; k++) zigzag |= planes[k * numbers.length + at]! << (8 * k)
    numbers[at] = (zigzag >>> 1) ^ -(zigzag & 1)
  }
  return numbers
}
