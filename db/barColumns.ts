import type { Pool, PoolClient } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { barSizeMs } from '../src/market/barSize.ts'
import type { BarSeries } from '../src/market/series.ts'
import { isoInstant, type TimeRange } from '../src/market/time.ts'
import type { BarStore, ColumnQuery } from '../src/ports/bars.ts'
import { type Stretch, stretchesOf } from './archivedParts.ts'
import { archivedSeries } from './archivedSeries.ts'
import { between, rollups } from './bars.ts'
import { sizeSeconds, tableOf, VALUES } from './barTable.ts'
import { ColumnDecoder } from './columnDecoder.ts'
import { storageError } from './errors.ts'
import { notExcluded } from './rollups.ts'
import { poolSession, type Session, transactionOn } from './session.ts'

/** Inside a transaction, whose connection is not to be had, nobody reads as much. */
export const noColumns: BarStore['columns'] = () =>
  Promise.reject(new Error('columns are not read inside a transaction'))

/** Columns straight from COPY. One snapshot: what is being archived or revised meanwhile is seen as it was. */
export const columnReads =
  (pool: Pool): BarStore['columns'] =>
  async (query) => {
    if (isShort(query)) return unlessEmpty(await atOnce(poolSession(pool), query))
    const client = await pool.connect().catch((error) => Promise.reject(storageError(error)))
    return series(client, query)
  }

/** Up to here rows are quicker by one statement than as columns by the three that a transaction takes. */
const FEW_BARS = 2_000

const isShort = ({ size, from, to }: ColumnQuery): boolean =>
  size !== '1s' && (to - from) / barSizeMs(size) <= FEW_BARS

const atOnce = (session: Session, query: ColumnQuery): Promise<BarSeries> =>
  query.source === 'rollups' ? rollups(session, query) : between(session, query)

async function* unlessEmpty(bars: BarSeries): AsyncGenerator<BarSeries> {
  if (bars.length > 0) yield bars
}

/** A long range takes its time, and so does a slow reader. */
const BEGIN = `
  begin isolation level repeatable read read only;
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0`

/** A reader that stops early leaves rows on their way: its connection is closed, which ends the statement. */
async function* series(client: PoolClient, query: ColumnQuery): AsyncGenerator<BarSeries> {
  let isWhole = false
  try {
    await client.query(BEGIN)
    for (const stretch of await stretchesRead(transactionOn(client), query))
      yield* read(client, query, stretch)
    await client.query('commit')
    isWhole = true
  } catch (error) {
    throw storageError(error)
  } finally {
    client.release(!isWhole)
  }
}

/** Only seconds lie in archives. */
const stretchesRead = (session: Session, query: ColumnQuery): Stretch[] | Promise<Stretch[]> =>
  query.source === 'bars' && query.size === '1s'
    ? stretchesOf(session, query.instrument.id, query)
    : [{ from: query.from, to: query.to, place: 'rows' }]

function read(client: PoolClient, query: ColumnQuery, stretch: Stretch): AsyncIterable<BarSeries> {
  switch (stretch.place) {
    case 'rows':
      return copied(client, query, stretch)
    case 'archives':
      return archivedSeries(client, query.instrument, stretch)
    case 'both':
      return mixedDay(client, query, stretch)
  }
}

async function* mixedDay(
  client: PoolClient,
  { instrument }: ColumnQuery,
  { from, to }: TimeRange,
): AsyncGenerator<BarSeries> {
  yield* unlessEmpty(await between(transactionOn(client), { instrument, size: '1s', from, to }))
}

async function* copied(client: PoolClient, query: ColumnQuery, part: TimeRange): AsyncGenerator<BarSeries> {
  const { instrument, source, size } = query
  const volumeBytes = tableOf(size).wide.includes('volume') ? 8 : 4
  const decoder = new ColumnDecoder(instrument, source === 'rollups' ? 'sum' : 'price', volumeBytes)
  const rows = client.query(copyTo(copyOf(query, part)))
  for await (const chunk of rows as AsyncIterable<Uint8Array>) yield* decoder.push(chunk)
  yield* decoder.end()
}

/** COPY takes no parameters: these are numbers and instants that we write ourselves. */
function copyOf(query: ColumnQuery, { from, to }: TimeRange): string {
  const [first, end] = [`'${isoInstant(from)}'`, `'${isoInstant(to)}'`]
  const { columns, table, where } = placeOf(query, first, end)
  return `copy (
    select ${columns} from ${table}
    where instrument = ${query.instrument.id} and ${where} and time >= ${first} and time < ${end}
    order by time
  ) to stdout with (format binary)`
}

function placeOf(query: ColumnQuery, first: string, end: string) {
  const seconds = sizeSeconds(query.size)
  if (query.source === 'rollups') return { columns: BUCKET, table: 'rollups', where: `size = ${seconds}` }
  const table = tableOf(query.size).name
  const where =
    seconds === 1
      ? notExcluded(first, end).replaceAll('$1', String(query.instrument.id))
      : `size = ${seconds}`
  return { columns: `time, ${VALUES}`, table, where }
}

const BUCKET = 'time, open, high, low, close, volume, vwap_volume::float8, trade_count'
