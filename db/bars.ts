import type { BarSize } from '../src/market/barSize.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { BarSeries } from '../src/market/series.ts'
import { type EpochMs, epochMs, isoInstant, plus, SECOND_MS } from '../src/market/time.ts'
import type { BarQuery, BarStore, IngestCounts, RollupQuery } from '../src/ports/bars.ts'
import { copyBars } from './barCopy.ts'
import { mergeArrays, mergeCopy } from './barMerge.ts'
import { type BarRows, barRows } from './barRows.ts'
import { type BarRow, EPOCH_S, rollupSeries, storedSeries } from './barSeries.ts'
import { type BarTable, sizeSeconds, tableOf } from './barTable.ts'
import { LOCK_SPACE, LOCKS } from './locks.ts'
import { ensureMonths } from './partitions.ts'
import { refreshRollups } from './rollups.ts'
import type { Session, Transaction } from './session.ts'

export const barStore = (session: Session): BarStore => ({
  between: (query) => between(session, query),
  rollups: (query) => rollups(session, query),
  latest: (instrument, size) => latest(session, instrument, size),
  upsert: (instrument, size, bars) => ingest(session, instrument, size, bars, mergeArrays),
  load: (instrument, size, bars) => ingest(session, instrument, size, bars, load),
})

async function between(session: Session, query: BarQuery): Promise<BarSeries> {
  const { instrument, size, from, to, limit = null } = query
  const { name, sizeIs } = tableOf(size)
  const rows = await session.rows<BarRow>(
    `select ${EPOCH_S}, open, high, low, close, volume::float8, vwap, trade_count
    from ${name} where instrument = $1 and ${sizeIs} and time >= $3 and time < $4
    order by time limit $5`,
    [instrument.id, sizeSeconds(size), isoInstant(from), isoInstant(to), limit],
  )
  return storedSeries(rows, instrument)
}

async function rollups(session: Session, { instrument, size, from, to }: RollupQuery): Promise<BarSeries> {
  const rows = await session.rows<BarRow>(
    `select ${EPOCH_S}, open, high, low, close, volume::float8, vwap_volume::float8, trade_count::float8
    from rollups where instrument = $1 and size = $2 and time >= $3 and time < $4
    order by time`,
    [instrument.id, sizeSeconds(size), isoInstant(from), isoInstant(to)],
  )
  return rollupSeries(rows, instrument)
}

async function latest(session: Session, instrument: Instrument, size: BarSize): Promise<EpochMs | null> {
  const { name, sizeIs } = tableOf(size)
  const [row] = await session.rows<[number]>(
    `select ${EPOCH_S} from ${name} where instrument = $1 and ${sizeIs} order by time desc limit 1`,
    [instrument.id, sizeSeconds(size)],
  )
  return row ? epochMs(row[0] * SECOND_MS) : null
}

type Write = (transaction: Transaction, table: BarTable, rows: BarRows) => Promise<IngestCounts>

const NOTHING: IngestCounts = { inserted: 0, updated: 0, unchanged: 0 }

/** Writes bars, and the rollups of seconds that changed, while nobody else writes this instrument. */
async function ingest(
  session: Session,
  instrument: Instrument,
  size: BarSize,
  bars: BarSeries,
  write: Write,
): Promise<IngestCounts> {
  if (bars.length === 0) return NOTHING
  const rows = barRows(instrument, size, bars)
  return session.atomically(async (transaction) => {
    await lockIngest(transaction, instrument.id)
    return size === '1s' ? ingestSeconds(transaction, rows, write) : write(transaction, tableOf(size), rows)
  })
}

async function ingestSeconds(transaction: Transaction, rows: BarRows, write: Write): Promise<IngestCounts> {
  const range = { from: rows.first, to: plus(rows.last, SECOND_MS) }
  await ensureMonths(transaction, range)
  const counts = await write(transaction, tableOf('1s'), rows)
  if (counts.inserted + counts.updated > 0) await refreshRollups(transaction, rows.instrument, range)
  return counts
}

/** Without it, two writers of one bucket would each make its rollup without the other's seconds. */
export const lockIngest = (transaction: Transaction, instrument: number) =>
  transaction.rows('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.ingest + instrument])

/** Straight into the table where nothing is stored yet, which is twice as fast. */
async function load(transaction: Transaction, table: BarTable, rows: BarRows): Promise<IngestCounts> {
  if (await anyStored(transaction, table, rows)) return mergeCopy(transaction, table, rows)
  await copyBars(transaction.client, table.name, table, rows)
  return { ...NOTHING, inserted: rows.length }
}

async function anyStored(session: Session, { name, sizeIs }: BarTable, rows: BarRows): Promise<boolean> {
  const found = await session.rows(
    `select from ${name} where instrument = $1 and ${sizeIs} and time between $3 and $4 limit 1`,
    [rows.instrument, rows.size, isoInstant(rows.first), isoInstant(rows.last)],
  )
  return found.length > 0
}
