import { isoInstant } from '../src/market/time.ts'
import type { Delivery, IngestCounts } from '../src/ports/bars.ts'
import { copyBars } from './barCopy.ts'
import type { BarRows } from './barRows.ts'
import { type BarTable, VALUES } from './barTable.ts'
import type { Session, Transaction } from './session.ts'

/** Merges a few rows: one statement, one array a column. */
export const mergeArrays = (
  session: Session,
  table: BarTable,
  rows: BarRows,
  delivery: Delivery,
): Promise<IngestCounts> =>
  merge(
    session,
    table,
    rows,
    delivery,
    SENT_AS_ARRAYS,
    ['time', ...VALUES].map((name) => arrayLiteral(rows.columns[name]!)),
  )

/** Merges many rows: COPY into a table of this connection, then one statement. */
export async function mergeCopy(
  transaction: Transaction,
  table: BarTable,
  rows: BarRows,
  delivery: Delivery,
): Promise<IngestCounts> {
  const staging = `incoming_${table.name}`
  await transaction.rows(
    `create temp table if not exists ${staging} (like ${table.name}) on commit delete rows`,
  )
  await transaction.rows(`delete from ${staging}`) // of an earlier load in this transaction
  await copyBars(transaction.client, staging, table, rows)
  return merge(transaction, table, rows, delivery, `select * from ${staging} where $2 > 0`)
}

const SENT_AS_ARRAYS = `
  select to_timestamp(ms::float8 / 1000) as time, $1::int4 as instrument, $2::int4 as size, ${VALUES}
  from unnest($8::int8[], $9::int4[], $10::int4[], $11::int4[], $12::int4[], $13::int8[], $14::int4[], $15::int4[])
    as sent (ms, ${VALUES})`

/**
 * Writes the rows of `sent` that are new or differ from what is stored, keeps what these were as revisions, and counts
 * them. Rows sent again are only read. Nobody else may write in their range meanwhile.
 */
async function merge(
  session: Session,
  { name, key, sizeIs, columns }: BarTable,
  rows: BarRows,
  { at, source, request }: Delivery,
  sent: string,
  parameters: readonly unknown[] = [],
): Promise<IngestCounts> {
  const [counts] = await session.rows<[number, number, number]>(
    `with sent as (${sent}),
    compared as (
      select sent.*, stored.time is not null as known,
        (${of('sent')}) is distinct from (${of('stored')}) as differs,
        ${VALUES.map((value) => `stored.${value} as was_${value}`)}
      from sent left join (
        select * from ${name} where instrument = $1 and ${sizeIs} and time between $3 and $4
      ) as stored on stored.time = sent.time
    ),
    revised as (
      insert into revisions (instrument, size, time, ${VALUES}, market_time, source, request)
      select $1, $2, time, ${VALUES.map((value) => `was_${value}`)}, $5::timestamptz, $6, $7
      from compared where known and differs
    ),
    written as (
      insert into ${name} (${columns}) select ${columns} from compared where differs
      on conflict (${key}) do update set ${VALUES.map((value) => `${value} = excluded.${value}`)}
    )
    select count(*) filter (where not known)::int4,
      count(*) filter (where known and differs)::int4,
      count(*) filter (where not differs)::int4
    from compared`,
    [
      rows.instrument,
      rows.size,
      isoInstant(rows.first),
      isoInstant(rows.last),
      at === null ? null : isoInstant(at),
      source,
      request,
      ...parameters,
    ],
  )
  const [inserted, updated, unchanged] = counts!
  return { inserted, updated, unchanged }
}

const of = (table: string) => VALUES.map((value) => `${table}.${value}`)

/** PostgreSQL's text form of an array: the driver's own quotes every number. */
function arrayLiteral(column: Float64Array): string {
  const numbers = Array.from(column, (value) => (Number.isNaN(value) ? 'null' : value))
  return `{${numbers.join()}}`
}
