import { and, asc, desc, eq, gte, isNotNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { BookedExecution, ExecutionStore, NewExecution } from '../src/ports/executions.ts'
import type { Session } from './session.ts'
import { executions } from './tradingSchema.ts'
import { held, trips } from './trips.ts'

export const executionStore = (session: Session): ExecutionStore => ({
  book: (execution) => book(session, execution),
  tellCommission: (...told) => tellCommission(session, ...told),
  ours: (since) =>
    inOrder(session, and(IS_OURS, since === undefined ? undefined : gte(executions.time, since))),
  ofIntent: (intent) => inOrder(session, eq(executions.intent, intent)),
  held: () => held(session),
  trips: (page) => trips(session, page),
  position: (symbol) => position(session, symbol),
  list: ({ limit, before }) =>
    select(session)
      .where(and(IS_NEWEST, before === undefined ? undefined : lt(executions.ordinal, before)))
      .orderBy(desc(executions.ordinal))
      .limit(limit),
})

/** What counts of a root: corrections may come in any order. */
const IS_NEWEST = sql`not exists (
  select from executions as newer
  where newer.root = ${executions.root} and newer.revision > ${executions.revision}
)`

const IS_OURS = or(isNotNull(executions.intent), executions.isSynthetic)

const select = ({ orm }: Session) => orm.select().from(executions)

const inOrder = (session: Session, which: SQL | undefined): Promise<BookedExecution[]> =>
  select(session).where(and(IS_NEWEST, which)).orderBy(asc(executions.time), asc(executions.ordinal))

async function book({ orm }: Session, execution: NewExecution): Promise<BookedExecution | null> {
  const { root, revision } = executions
  const [booked] = await orm
    .insert(executions)
    .values(execution)
    .onConflictDoNothing({ target: [root, revision] })
    .returning()
  return booked ?? null
}

async function tellCommission(
  { orm }: Session,
  ...[root, revision, commission, realizedPnl]: Parameters<ExecutionStore['tellCommission']>
): Promise<boolean> {
  const isNews = sql`(${executions.commission}, ${executions.realizedPnl})
    is distinct from (${commission}::float8, ${realizedPnl}::float8)`
  const told = await orm
    .update(executions)
    .set({ commission, realizedPnl })
    .where(and(eq(executions.root, root), eq(executions.revision, revision), isNews))
    .returning({ root: executions.root })
  return told.length > 0
}

async function position({ orm }: Session, symbol: string): Promise<number> {
  const signed = sql`case ${executions.side} when 'buy' then ${executions.quantity} else -${executions.quantity} end`
  const [held] = await orm
    .select({ shares: sql<number>`coalesce(sum(${signed}), 0)::float8` })
    .from(executions)
    .where(and(eq(executions.symbol, symbol), IS_NEWEST, IS_OURS))
  return held!.shares
}
