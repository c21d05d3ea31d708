import { and, asc, desc, gt, inArray, lt, max } from 'drizzle-orm'
import { isoInstant } from '../src/market/time.ts'
import type { EventPage, EventStore, NewEvent, TradingEvent } from '../src/ports/events.ts'
import { LOCK_SPACE, LOCKS } from './locks.ts'
import { events } from './schema.ts'
import type { Session } from './session.ts'

export const eventStore = (session: Session): EventStore => ({
  append: (made) => append(session, made),
  after: (sequence, limit) => after(session, sequence, limit),
  list: (page) => list(session, page),
  latest: () => latest(session),
})

/** Told of every commit that appends; without a payload, for who listens reads the table. */
export const EVENTS_CHANNEL = 'ibkr_events'

/**
 * The lock is freed once the commit can be seen, so that sequences rise by commits. It is taken by a statement of its
 * own: the next one then sees what the holder before has written.
 */
async function append(session: Session, made: readonly NewEvent[]): Promise<TradingEvent[]> {
  if (made.length === 0) return []
  return session.atomically(async ({ orm, rows }) => {
    await rows('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.events])
    const placed = await rows<[number]>(INSERT, columnsOf(made))
    await rows('select pg_notify($1, $2)', [EVENTS_CHANNEL, ''])
    const sequences = placed.map(([sequence]) => sequence)
    const found = await orm
      .select()
      .from(events)
      .where(inArray(events.sequence, sequences))
      .orderBy(asc(events.sequence))
    return found as TradingEvent[]
  })
}

const INSERT = `
  insert into events (sequence, type, time, data)
  select (select coalesce(max(sequence), 0) from events) + place, type, time, data
  from unnest($1::text[], $2::timestamptz[], $3::json[]) with ordinality as made (type, time, data, place)
  returning sequence::float8`

const columnsOf = (made: readonly NewEvent[]): string[][] => [
  made.map(({ type }) => type),
  made.map(({ time }) => isoInstant(time)),
  made.map(({ data }) => JSON.stringify(data)),
]

async function after({ orm }: Session, sequence: number, limit: number): Promise<TradingEvent[]> {
  const found = await orm
    .select()
    .from(events)
    .where(gt(events.sequence, sequence))
    .orderBy(asc(events.sequence))
    .limit(limit)
  return found as TradingEvent[]
}

async function list({ orm }: Session, { limit, before, types }: EventPage): Promise<TradingEvent[]> {
  const found = await orm
    .select()
    .from(events)
    .where(
      and(
        before === undefined ? undefined : lt(events.sequence, before),
        types === undefined ? undefined : inArray(events.type, [...types]),
      ),
    )
    .orderBy(desc(events.sequence))
    .limit(limit)
  return found as TradingEvent[]
}

async function latest({ orm }: Session): Promise<number> {
  const [newest] = await orm.select({ sequence: max(events.sequence) }).from(events)
  return newest?.sequence ?? 0
}
