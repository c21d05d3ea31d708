import type { BarSize } from '../src/market/barSize.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { BarSeries } from '../src/market/series.ts'
import { type EpochMs, epochMs, isoInstant, SECOND_MS } from '../src/market/time.ts'
import type { BarQuery, BarStore, Delivery, RollupQuery } from '../src/ports/bars.ts'
import type { BadPrintPolicy } from '../src/ports/quarantine.ts'
import { type BarRow, EPOCH_S, rollupSeries, storedSeries } from './barSeries.ts'
import { sizeSeconds, tableOf } from './barTable.ts'
import { ingest, loadRows, upsertRows } from './ingest.ts'
import { excludedTimes } from './quarantine.ts'
import { secondRows } from './secondRows.ts'
import type { Prepared, Session } from './session.ts'

/** Reads that hold a connection of their own. */
export type BulkReads = Pick<BarStore, 'csv' | 'columns'>

export const barStore = (session: Session, policy: BadPrintPolicy, bulk: BulkReads): BarStore => ({
  between: (query) => between(session, query),
  ...bulk,
  rollups: (query) => rollups(session, query),
  latest: (instrument, size) => latest(session, instrument, size),
  upsert: (instrument, size, bars, delivery) =>
    ingest(session, { instrument, size, bars, policy, delivery: told(delivery), write: upsertRows }),
  load: (instrument, size, bars, delivery) =>
    ingest(session, { instrument, size, bars, policy, delivery: told(delivery), write: loadRows }),
})

const told = (delivery: Partial<Delivery> = {}): Delivery => ({
  source: 'unknown',
  request: null,
  at: null,
  rejected: [],
  ...delivery,
})

/** See `BarStore`. */
export async function between(session: Session, query: BarQuery): Promise<BarSeries> {
  const { instrument, size, from, to, limit = null } = query
  if (size === '1s') return seconds(session, query)
  const { name, sizeIs } = tableOf(size)
  const rows = await session.rows<BarRow>(
    `select ${EPOCH_S}, open, high, low, close, volume::float8, vwap, trade_count
    from ${name} where instrument = $1 and ${sizeIs} and time >= $3 and time < $4
    order by time limit $5`,
    [instrument.id, sizeSeconds(size), isoInstant(from), isoInstant(to), limit],
  )
  return storedSeries(rows, instrument)
}

/** What is excluded is read beside the bars, wherever these lie, and left out of them. */
async function seconds(session: Session, query: BarQuery): Promise<BarSeries> {
  const { instrument, from, to, limit, raw = false } = query
  const excluded = raw ? [] : await excludedTimes(session, instrument, from, to)
  if (excluded.length === 0) return storedSeries(await secondRows(session, query), instrument)
  const more = limit === undefined ? {} : { limit: limit + excluded.length }
  const rows = await secondRows(session, { ...query, ...more })
  const out = new Set<number>(excluded)
  const kept = rows.filter(([at]) => !out.has(at * SECOND_MS))
  return storedSeries(kept.slice(0, limit), instrument)
}

const ROLLUPS: Prepared = {
  name: 'rollups',
  text: `
  select ${EPOCH_S}, open, high, low, close, volume::float8, vwap_volume::float8, trade_count::float8
  from rollups where instrument = $1 and size = $2 and time >= $3 and time < $4
  order by time limit $5`,
}

/** See `BarStore`. */
export async function rollups(session: Session, query: RollupQuery): Promise<BarSeries> {
  const { instrument, size, from, to, limit = null } = query
  const range = [isoInstant(from), isoInstant(to)]
  const values = [instrument.id, sizeSeconds(size), ...range, limit]
  return rollupSeries(await session.rows<BarRow>(ROLLUPS, values), instrument)
}

async function latest(session: Session, instrument: Instrument, size: BarSize): Promise<EpochMs | null> {
  const { name, sizeIs } = tableOf(size)
  const [[seconds] = [null]] = await session.rows<[number | null]>(
    `select greatest(
      (select ${EPOCH_S} from ${name} where instrument = $1 and ${sizeIs} order by time desc limit 1),
      (select date_part('epoch', last) from archives where instrument = $1 and $2 = 1 order by first desc limit 1)
    )`,
    [instrument.id, sizeSeconds(size)],
  )
  return seconds === null ? null : epochMs(seconds * SECOND_MS)
}
