import { and, desc, eq, sql } from 'drizzle-orm'
import { isoInstant } from '../src/market/time.ts'
import type { Backfill, BackfillStore, NewBackfill, Page } from '../src/ports/backfills.ts'
import { backfillOf, findBackfill, selectBackfills } from './backfillRows.ts'
import { chunkStore } from './chunks.ts'
import { backfills, chunks } from './schema.ts'
import type { Session } from './session.ts'

export const backfillStore = (session: Session): BackfillStore => ({
  create: (backfill) => create(session, backfill),
  find: (id) => findBackfill(session, id),
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
      .onConflictDoNothing({ target: backfills.id })
      .returning({ id: backfills.id })
    if (made === undefined) return (await findBackfill(transaction, backfill.id!))!
    await transaction.rows(
      `insert into chunks (backfill, starts, ends, not_before)
      select $1, starts, ends, $2 from unnest($3::timestamptz[], $4::timestamptz[]) as span (starts, ends)`,
      [
        made.id,
        isoInstant(backfill.createdAt),
        spans.map(({ from }) => isoInstant(from)),
        spans.map(({ to }) => isoInstant(to)),
      ],
    )
    return (await findBackfill(transaction, made.id))!
  })
}

async function list(session: Session, { limit, after }: Page): Promise<Backfill[]> {
  const older = sql`${backfills.ordinal} < (select ordinal from backfills where id = ${after})`
  const rows = await selectBackfills(session)
    .where(after === undefined ? undefined : older)
    .orderBy(desc(backfills.ordinal))
    .limit(limit)
  return rows.map(backfillOf)
}

/** The row of the backfill is changed first: whoever ends a chunk, or puts it back to waiting, reads it. */
async function cancel(session: Session, id: string): ReturnType<BackfillStore['cancel']> {
  const changed = await session.atomically(async ({ orm }) => {
    const isOpen = sql`exists (select from chunks where backfill = ${id} and state in ('waiting', 'queued'))`
    const rows = await orm
      .update(backfills)
      .set({ cancelled: true })
      .where(and(eq(backfills.id, id), sql`not ${backfills.cancelled}`, isOpen))
      .returning({ id: backfills.id })
    await orm
      .update(chunks)
      .set({ state: 'cancelled' })
      .where(and(eq(chunks.backfill, id), eq(chunks.state, 'waiting')))
    return rows.length > 0
  })
  const backfill = await findBackfill(session, id)
  return backfill && { backfill, changed }
}
