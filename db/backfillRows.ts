import { eq, type SQL, sql } from 'drizzle-orm'
import type { Backfill, RunState } from '../src/ports/backfills.ts'
import { backfills, chunks, instruments } from './schema.ts'
import type { Session } from './session.ts'

export async function findBackfill(session: Session, id: string): Promise<Backfill | null> {
  const [row] = await selectBackfills(session).where(eq(backfills.id, id))
  return row ? backfillOf(row) : null
}

type Row = Awaited<ReturnType<typeof selectBackfills>>[number]

export function selectBackfills({ orm }: Session) {
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

export const backfillOf = ({ backfill, instrument, counts }: Row): Backfill => ({
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
