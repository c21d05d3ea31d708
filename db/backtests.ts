import { and, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Backtest, BacktestPage, BacktestStore, FinishedRun } from '../src/ports/backtests.ts'
import { backtests } from './schema.ts'
import type { Session } from './session.ts'

export const backtestStore = (session: Session): BacktestStore => ({
  create: (request) => create(session, request),
  find: (id) => find(session, id),
  list: (page) => list(session, page),
  keepAlive: (ids) => keepAlive(session, ids),
  begin: (id) => change(session, id, { state: 'running' }),
  finish: (id, run) => finish(session, id, run),
  fail: (id, reason) => change(session, id, { state: 'failed', reason }),
  cancel: (id, reason) => change(session, id, { state: 'cancelled', reason }, sql`not ${isSilent}`),
  remove: async (id) => void (await session.orm.delete(backtests).where(eq(backtests.id, id))),
  trades: (id) => kept(session, id, 'trades'),
  columns: (id) => kept(session, id, 'columns'),
})

const isOpen = inArray(backtests.state, ['queued', 'running'])
const now = sql`clock_timestamp()`

/** By the database's clock: the processes that share it agree on it. */
const isSilent = sql`${backtests.aliveAt} < clock_timestamp() - interval '10 s'`
const isForsaken = sql`(${isOpen} and ${isSilent})`

const FORSAKEN = 'the process that was to run it has ended'

const SHOWN = {
  id: backtests.id,
  state: sql<Backtest['state']>`case when ${isForsaken} then 'failed' else ${backtests.state} end`,
  reason: sql<string | null>`case when ${isForsaken} then ${FORSAKEN} else ${backtests.reason} end`,
  createdAt: backtests.createdAt,
  request: backtests.request,
  result: backtests.result,
}

async function create({ orm }: Session, request: string): Promise<Backtest> {
  const [made] = await orm.insert(backtests).values({ request }).returning(SHOWN)
  return made!
}

async function find({ orm }: Session, id: string): Promise<Backtest | null> {
  const [found] = await orm.select(SHOWN).from(backtests).where(eq(backtests.id, id))
  return found ?? null
}

async function list({ orm }: Session, { limit, after }: BacktestPage): Promise<Backtest[]> {
  const before = sql`(select ordinal from backtests where id = ${after})`
  return orm
    .select(SHOWN)
    .from(backtests)
    .where(after === undefined ? undefined : lt(backtests.ordinal, before))
    .orderBy(desc(backtests.ordinal))
    .limit(limit)
}

async function keepAlive({ orm }: Session, ids: readonly string[]): Promise<string[]> {
  const open = await orm
    .update(backtests)
    .set({ aliveAt: now })
    .where(and(inArray(backtests.id, [...ids]), isOpen))
    .returning({ id: backtests.id })
  return open.map(({ id }) => id)
}

type Change = Partial<
  Pick<typeof backtests.$inferInsert, 'state' | 'reason' | 'result' | 'trades' | 'columns'>
>

async function change({ orm }: Session, id: string, fields: Change, only?: SQL): Promise<boolean> {
  const changed = await orm
    .update(backtests)
    .set({ ...fields, aliveAt: now })
    .where(and(eq(backtests.id, id), isOpen, only))
    .returning({ id: backtests.id })
  return changed.length > 0
}

const finish = (session: Session, id: string, { columns, ...texts }: FinishedRun): Promise<boolean> =>
  change(session, id, { ...texts, columns: Buffer.from(columns), state: 'done' })

async function kept<Name extends 'trades' | 'columns'>({ orm }: Session, id: string, name: Name) {
  const [found] = await orm.select({ value: backtests[name] }).from(backtests).where(eq(backtests.id, id))
  return (found?.value ?? null) as (typeof backtests.$inferSelect)[Name]
}
