import { dayNumberOf } from '../src/market/calendarDate.ts'
import { exchangeDate } from '../src/market/session.ts'
import { type EpochMs, epochMs, isoInstant, plus, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import { newYorkInstant } from '../src/market/zone.ts'
import {
  type Columns,
  columnsOf,
  hashOf,
  lengthOf,
  packed,
  rowAt,
  rowsOf,
  unpacked,
} from './archiveColumns.ts'
import { copyBars } from './barCopy.ts'
import type { BarRows } from './barRows.ts'
import { type BarRow, EPOCH_S } from './barSeries.ts'
import { tableOf, VALUES } from './barTable.ts'
import { ensureMonths } from './partitions.ts'
import type { Session, Transaction } from './session.ts'

const SECONDS = tableOf('1s')

/**
 * Moves the seconds of an exchange date from their table into an archive. What the archive gives back is compared with
 * what was read before a row is deleted. Resolves with how many were moved. Nobody else may write the day.
 */
export async function archiveDay(
  transaction: Transaction,
  instrument: number,
  date: string,
): Promise<number> {
  const rows = await storedRows(transaction, instrument, dayRange(date))
  if (rows.length === 0) return 0
  await insertDay(transaction, instrument, date, rows, columnsOf(rows))
  const [kept] = await transaction.rows<[Buffer, Buffer]>(
    'select hash, columns from archives where instrument = $1 and date = $2',
    [instrument, date],
  )
  verified(date, ...kept!)
  await deleteRows(transaction, instrument, dayRange(date), rows.length)
  return rows.length
}

/** Moves the archived seconds of the dates that a range touches back into their table. Resolves with how many. */
export async function restoreDays(
  transaction: Transaction,
  instrument: number,
  { from, to }: TimeRange,
): Promise<number> {
  const days = await transaction.rows<[string, number, Buffer, Buffer]>(
    `delete from archives where instrument = $1 and date between $2 and $3
    returning date::text, date_part('epoch', first), hash, columns`,
    [instrument, exchangeDate(from), exchangeDate(plus(to, -1))],
  )
  let restored = 0
  for (const [date, first, hash, bytes] of days) {
    const columns = verified(date, hash, bytes)
    restored += await insertRows(transaction, instrument, rowsOf(columns, first))
  }
  return restored
}

/** The seconds of a range of one archived date, oldest first, made row by row. */
export async function archivedRows(
  session: Session,
  instrument: number,
  range: TimeRange,
): Promise<Iterable<BarRow>> {
  const [day] = await session.rows<[number, Buffer]>(
    `select date_part('epoch', first), columns from archives where instrument = $1 and date = $2`,
    [instrument, exchangeDate(range.from)],
  )
  return rowsWithin(range, unpacked(day![1]), day![0])
}

function* rowsWithin({ from, to }: TimeRange, columns: Columns, first: number): Generator<BarRow> {
  for (let i = 0; i < lengthOf(columns); i++) {
    const row = rowAt(columns, first, i)
    const at = row[0] * SECOND_MS
    if (at >= from && at < to) yield row
  }
}

/** The dates of an instrument that have seconds in their table before an instant, oldest first, found one by one. */
export async function* storedDates(
  session: Session,
  instrument: number,
  before: EpochMs,
): AsyncGenerator<string> {
  for (let from = epochMs(0); ; ) {
    const [[first] = [null]] = await session.rows<[number | null]>(
      `select date_part('epoch', min(time)) from second_bars where instrument = $1 and time >= $2 and time < $3`,
      [instrument, isoInstant(from), isoInstant(before)],
    )
    if (first === null) return
    const date = exchangeDate(epochMs(first * SECOND_MS))
    yield date
    from = dayRange(date).to
  }
}

/** From midnight to midnight at the exchange. */
export function dayRange(date: string): TimeRange {
  const day = dayNumberOf(date)
  return { from: newYorkInstant(day, 0), to: newYorkInstant(day + 1, 0) }
}

const storedRows = (session: Session, instrument: number, { from, to }: TimeRange): Promise<BarRow[]> =>
  session.rows<BarRow>(
    `select ${EPOCH_S}, ${VALUES} from second_bars
    where instrument = $1 and time >= $2 and time < $3 order by time`,
    [instrument, isoInstant(from), isoInstant(to)],
  )

async function insertDay(
  session: Session,
  instrument: number,
  date: string,
  rows: readonly BarRow[],
  columns: Columns,
): Promise<void> {
  const edges = [rows[0]!, rows.at(-1)!].map(([time]) => isoInstant(epochMs(time * SECOND_MS)))
  await session.rows(
    `insert into archives (instrument, date, first, last, count, hash, columns) values ($1, $2, $3, $4, $5, $6, $7)`,
    [instrument, date, ...edges, rows.length, hashOf(columns), packed(columns)],
  )
}

/** A difference is a defect or a broken disk: nothing may be deleted after it. */
function verified(date: string, hash: Buffer, bytes: Buffer): Columns {
  const columns = unpacked(bytes)
  if (hashOf(columns).equals(hash)) return columns
  throw new Error(`the archive of ${date} does not give back what was put into it`)
}

async function deleteRows(
  session: Session,
  instrument: number,
  { from, to }: TimeRange,
  expected: number,
): Promise<void> {
  const [[deleted] = [0]] = await session.rows<[number]>(
    `with gone as (
      delete from second_bars where instrument = $1 and time >= $2 and time < $3 returning true
    ) select count(*)::int4 from gone`,
    [instrument, isoInstant(from), isoInstant(to)],
  )
  if (deleted !== expected) throw new Error(`${deleted} seconds were deleted, and ${expected} archived`)
}

async function insertRows(
  transaction: Transaction,
  instrument: number,
  rows: readonly BarRow[],
): Promise<number> {
  const sent = sentRows(instrument, rows)
  await ensureMonths(transaction, { from: sent.first, to: plus(sent.last, SECOND_MS) })
  await copyBars(transaction.client, SECONDS.name, SECONDS, sent)
  return rows.length
}

function sentRows(instrument: number, rows: readonly BarRow[]): BarRows {
  const column = (k: number) => Float64Array.from(rows, (row) => row[k] ?? Number.NaN)
  const time = column(0).map((seconds) => seconds * SECOND_MS)
  const values = VALUES.map((name, k) => [name, column(k + 1)] as const)
  return {
    length: rows.length,
    instrument,
    size: 1,
    first: epochMs(time[0]!),
    last: epochMs(time.at(-1)!),
    columns: { time, ...Object.fromEntries(values) },
  }
}
