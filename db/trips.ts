import { asc, sql } from 'drizzle-orm'
import type { BookedExecution, BookedTrip } from '../src/ports/executions.ts'
import type { PageBefore } from '../src/ports/page.ts'
import type { Prepared, Session } from './session.ts'
import { executions } from './tradingSchema.ts'

/**
 * Each execution of ours with how often its symbol was flat from it on: never while it is a part of what is held, once in
 * the newest closed round trip.
 */
const CUT = `
  with ours as (
    select symbol, time, ordinal,
      sum(case side when 'buy' then quantity else -quantity end) over (partition by symbol order by time, ordinal) as held
    from executions as booked
    where (intent is not null or is_synthetic) and quantity <> 0
      and not exists (select from executions where root = booked.root and revision > booked.revision)
  ),
  cut as (
    select *, count(*) filter (where held = 0)
      over (partition by symbol order by time desc, ordinal desc) as flats
    from ours
  )`

const HELD: Prepared = {
  name: 'executions_held',
  text: `${CUT} select ordinal::float8 from cut where flats = 0`,
}

/** A trip has an ordinal of its own, here its number. */
const TRIPS = `${CUT},
  closing as (
    select symbol, flats, row_number() over (order by time, ordinal) - 1 as number from cut where held = 0
  ),
  page as (select * from closing where $2::int8 is null or number < $2 order by number desc limit $1)
  select number::float8, ordinal::float8 from page join cut using (symbol, flats) order by number desc`

/** See `ExecutionStore`. What the database reads of all that was ever booked stays there. */
export async function held(session: Session): Promise<BookedExecution[]> {
  const rows = await session.rows<[number]>(HELD)
  return booked(session, rows.flat())
}

/** See `ExecutionStore`. */
export async function trips(session: Session, { limit, before }: PageBefore): Promise<BookedTrip[]> {
  const rows = await session.rows<[number, number]>(TRIPS, [limit, before ?? null])
  const numberOf = new Map(rows.map(([number, ordinal]) => [ordinal, number]))
  const all = await booked(session, [...numberOf.keys()])
  return [...new Set(numberOf.values())].map((number) => ({
    ordinal: number,
    executions: all.filter(({ ordinal }) => numberOf.get(ordinal) === number),
  }))
}

async function booked({ orm }: Session, ordinals: readonly number[]): Promise<BookedExecution[]> {
  const { time, ordinal } = executions
  const isAsked = sql`${ordinal} = any(${sql.param([...ordinals])}::int8[])`
  return orm.select().from(executions).where(isAsked).orderBy(asc(time), asc(ordinal))
}
