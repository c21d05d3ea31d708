import type { BarSize } from '../src/market/barSize.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { BarSeries } from '../src/market/series.ts'
import { isoInstant, plus, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import type { Delivery, IngestCounts } from '../src/ports/bars.ts'
import type { BadPrintPolicy } from '../src/ports/quarantine.ts'
import { restoreDays } from './archives.ts'
import { copyBars } from './barCopy.ts'
import { mergeArrays, mergeCopy } from './barMerge.ts'
import { type BarRows, barRows } from './barRows.ts'
import { storedBars } from './barSeries.ts'
import { type BarTable, sizeSeconds, tableOf } from './barTable.ts'
import { follow } from './exclusion.ts'
import { lockBars } from './locks.ts'
import { ensureMonths } from './partitions.ts'
import { hold } from './quarantine.ts'
import { refreshRollups } from './rollups.ts'
import type { Session, Transaction } from './session.ts'
import { suspect } from './suspicion.ts'

/** Bars of one size on their way into the database. */
export interface Ingest {
  readonly instrument: Instrument
  readonly size: BarSize
  readonly bars: BarSeries
  readonly delivery: Delivery
  readonly policy: BadPrintPolicy
  readonly write: Write
}

/** `alone`: nothing else is stored in the range of the rows. */
type Written = IngestCounts & { readonly alone: boolean }
type Write = (
  transaction: Transaction,
  table: BarTable,
  rows: BarRows,
  delivery: Delivery,
) => Promise<Written>

/** A few rows: one statement. */
export const upsertRows: Write = async (...rows) => ({ ...(await mergeArrays(...rows)), alone: false })

/** Many rows: straight into the table where nothing is stored yet, which is twice as fast. */
export const loadRows: Write = async (transaction, table, rows, delivery) => {
  if (await anyStored(transaction, table, rows)) {
    return { ...(await mergeCopy(transaction, table, rows, delivery)), alone: false }
  }
  await copyBars(transaction.client, table.name, table, rows)
  return { inserted: rows.length, updated: 0, unchanged: 0, alone: true }
}

/** Writes bars and what follows from them in one transaction, while nobody else writes others beside them. */
export function ingest(session: Session, work: Ingest): Promise<IngestCounts> {
  const { instrument, size, bars, delivery } = work
  return session.atomically(async (transaction) => {
    await hold(transaction, instrument, sizeSeconds(size), delivery)
    if (bars.length === 0) return { inserted: 0, updated: 0, unchanged: 0 }
    const rows = barRows(instrument, size, bars)
    await lockBars(transaction, instrument.id, size, spanOf(rows))
    const { inserted, updated, unchanged } = await writeRows(transaction, work, rows)
    return { inserted, updated, unchanged }
  })
}

const writeRows = (transaction: Transaction, work: Ingest, rows: BarRows): Promise<Written> =>
  work.size === '1s'
    ? ingestSeconds(transaction, work, rows)
    : work.write(transaction, tableOf(work.size), rows, work.delivery)

/** Seconds that changed are judged first: their rollups leave out what is excluded. */
async function ingestSeconds(transaction: Transaction, work: Ingest, rows: BarRows): Promise<Written> {
  const { instrument, delivery } = work
  const range = spanOf(rows)
  await ensureMonths(transaction, range)
  await restoreDays(transaction, instrument.id, range)
  const written = await work.write(transaction, tableOf('1s'), rows, delivery)
  if (written.inserted + written.updated === 0) return written
  const whole = written.alone ? storedBars(rows, instrument) : null
  const moved = await suspect(transaction, work, range, whole)
  await refreshRollups(transaction, instrument.id, range)
  await follow(transaction, instrument.id, moved)
  return written
}

const spanOf = ({ first, last, size }: BarRows): TimeRange => ({
  from: first,
  to: plus(last, size * SECOND_MS),
})

async function anyStored(session: Session, { name, sizeIs }: BarTable, rows: BarRows): Promise<boolean> {
  const found = await session.rows(
    `select from ${name} where instrument = $1 and ${sizeIs} and time between $3 and $4 limit 1`,
    [rows.instrument, rows.size, isoInstant(rows.first), isoInstant(rows.last)],
  )
  return found.length > 0
}
