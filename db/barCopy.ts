import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { BarRows } from './barRows.ts'
import type { BarTable } from './barTable.ts'

/** Sends rows by COPY to `target`, which has the columns of `table`. */
export const copyBars = (client: PoolClient, target: string, table: BarTable, rows: BarRows): Promise<void> =>
  copyBinary(client, target, table, binaryRows(table, rows))

/** Sends what `binaryRows` has made. */
export async function copyBinary(
  client: PoolClient,
  target: string,
  { columns }: BarTable,
  data: Iterable<Buffer>,
): Promise<void> {
  const copy = copyFrom(`copy ${target} (${columns}) from stdin with (format binary)`)
  await pipeline(Readable.from(data), client.query(copy))
}

// PostgreSQL: COPY, Binary Format. A header, rows of fields with their lengths, a trailer; big-endian throughout.
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.from([0xff, 0xff])
const NULL_LENGTH = -1
const ROWS_PER_BUFFER = 4_096
const WIDEST_FIELD_BYTES = 12

/** Writes field `i` at an offset and returns the offset behind it. */
type FieldWriter = (view: DataView, offset: number, i: number) => number

/** Rows in the form that COPY reads, some at a time. */
export function* binaryRows(table: BarTable, rows: BarRows): Generator<Buffer> {
  const writers = table.columns.map((name) => fieldWriter(name, table, rows))
  yield HEADER
  for (let start = 0; start < rows.length; start += ROWS_PER_BUFFER) {
    yield encoded(writers, start, Math.min(rows.length, start + ROWS_PER_BUFFER))
  }
  yield TRAILER
}

function encoded(writers: readonly FieldWriter[], start: number, end: number): Buffer {
  const buffer = Buffer.allocUnsafe((end - start) * (2 + writers.length * WIDEST_FIELD_BYTES))
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
  let offset = 0
  for (let i = start; i < end; i++) {
    view.setInt16(offset, writers.length)
    offset += 2
    for (const write of writers) offset = write(view, offset, i)
  }
  return buffer.subarray(0, offset)
}

function fieldWriter(name: string, { wide }: BarTable, rows: BarRows): FieldWriter {
  if (name === 'instrument') return int4(() => rows.instrument)
  if (name === 'size') return int4(() => rows.size)
  const column = rows.columns[name]!
  if (name === 'time') return int8((i) => (column[i]! - POSTGRES_EPOCH_MS) * 1_000)
  return wide.includes(name)
    ? int8((i) => column[i]!)
    : nullable(
        column,
        int4((i) => column[i]!),
      )
}

/** Timestamps count microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0)

const int4 =
  (value: (i: number) => number): FieldWriter =>
  (view, offset, i) => {
    view.setInt32(offset, 4)
    view.setInt32(offset + 4, value(i))
    return offset + 8
  }

const int8 =
  (value: (i: number) => number): FieldWriter =>
  (view, offset, i) => {
    const whole = value(i)
    view.setInt32(offset, 8)
    view.setInt32(offset + 4, Math.floor(whole / 2 ** 32))
    view.setUint32(offset + 8, whole) // modulo 2^32, as DataView does
    return offset + 12
  }

const nullable =
  (column: Float64Array, write: FieldWriter): FieldWriter =>
  (view, offset, i) => {
    if (!Number.isNaN(column[i])) return write(view, offset, i)
    view.setInt32(offset, NULL_LENGTH)
    return offset + 4
  }
