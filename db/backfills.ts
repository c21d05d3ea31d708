import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { isoInstant } from '../src/market/time.ts'
import type { Backfill, BackfillStore, NewBackfill, Page, RunState } from '../src/ports/backfills.ts'
import { chunkStore } from './chunks.ts'
import { backfills, chunks, instruments } from './schema.ts'
import type { Session } from './session.ts'

export const backfillStore = (session: Session): BackfillStore => ({
  create: (backfill) => create(session, backfill),
  find: (id) => find(session, id),
  list: (page) => list(session, page),
  cancel: (id) => cancel(session, id),
  ...chunkStore(session),
})

function create(session: Session, backfill: NewBackfill): Promise<Backfill> {
  const { instrument, chunks: spans, ...fields } = backfill
  return session.atomically(async (transaction) => {
    const [made] = await transaction.orm
      .insert(backfills)
      .values({ ...fields, instrument: instrument.id })
      .returning({ id: backfills.id })
    await transaction.rows(
      `insert into chunks (backfill, starts, ends, not_before)
      select $1, starts, ends, $2 from unnest($3::timestamptz[], $4::timestamptz[]) as span (starts, ends)`,
      [
        made!.id,
        isoInstant(backfill.createdAt),
        spans.map(({ from }) => isoInstant(from)),
        spans.map(({ to }) => isoInstant(to)),
      ],
    )
    return (await find(transaction, made!.id))!
  })
}

async function find(session: Session, id: string): Promise<Backfill | null> {
  const [row] = await selectBackfills(session).where(eq(backfills.id, id))
  return row ? backfillOf(row) : null
}

async function list(session: Session, { limit, after }: Page): Promise<Backfill[]> {
  const older = sql`${backfills.ordinal} < (select ordinal from backfills where id = ${after})`
  const rows = await selectBackfills(session)
    .where(after === undefined ? undefined : older)
    .orderBy(desc(backfills.ordinal))
    .limit(limit)
  return rows.map(backfillOf)
}

/** The row of the backfill is changed first: whoever puts a chunk back to waiting reads it. */
async function cancel(session: Session, id: string): Promise<Backfill | null> {
  await session.atomically(async ({ orm }) => {
    const isOpen = sql`exists (select from chunks where backfill = ${id} and state in ('waiting', 'queued'))`
    await orm
      .update(backfills)
      .set({ cancelled: true })
      .where(and(eq(backfills.id, id), isOpen))
    await orm
      .update(chunks)
      .set({ state: 'cancelled' })
      .where(and(eq(chunks.backfill, id), eq(chunks.state, 'waiting')))
  })
  return find(session, id)
}

type Row = Awaited<ReturnType<typeof selectBackfills>>[number]

function selectBackfills({ orm }: Session) {
  const columns = {
    total: chunksWhere(sql`true`).as('total'),
    open: chunksWhere(sql`state in ('waiting', 'queued')`).as('open'),
    untouched: chunksWhere(sql`state = 'waiting' and attempts = 0`).as('untouched'),
    done: chunksWhere(sql`state = 'done'`).as('done_chunks'),
    empty: chunksWhere(sql`state = 'empty'`).as('empty_chunks'),
    failed: chunksWhere(sql`state = 'failed'`).as('failed_chunks'),
  }
  const counts = orm.select(columns).from(chunks).where(eq(chunks.backfill, backfills.id)).as('counts')
  const { total, open, untouched, done, empty, failed } = counts
  return orm
    .select({
      backfill: backfills,
      instrument: instruments,
      counts: { total, open, untouched, done, empty, failed },
    })
    .from(backfills)
    .innerJoin(instruments, eq(instruments.id, backfills.instrument))
    .crossJoinLateral(counts)
    .$dynamic()
}

const chunksWhere = (condition: SQL) => sql<number>`(count(*) filter (where ${condition}))::int4`

const backfillOf = ({ backfill, instrument, counts }: Row): Backfill => ({
  id: backfill.id,
  instrument,
  session: backfill.session,
  from: backfill.from,
  to: backfill.to,
  createdAt: backfill.createdAt,
  state: stateOf(backfill.cancelled, counts),
  chunks: { total: counts.total, done: counts.done, empty: counts.empty, failed: counts.failed },
})

function stateOf(cancelled: boolean, { total, open, untouched, failed }: Row['counts']): RunState {
  if (cancelled) return 'cancelled'
  if (open > 0) return untouched === total ? 'queued' : 'running'
  return failed > 0 ? 'failed' : 'done'
}
