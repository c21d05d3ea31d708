import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Pool, PoolClient } from 'pg'
import type { Clock, Random } from '../src/market/time.ts'
import { isCollision } from './errors.ts'
import { checkFence, type Fence, fencedPool } from './fence.ts'
import { inTransaction } from './transaction.ts'

/**
 * A statement that a connection parses once, under its name, and plans once where PostgreSQL finds that to be no worse:
 * for what is asked all day long. No two have the same name. A pooler between must keep them (pgbouncer from 1.21 on).
 */
export interface Prepared {
  readonly name: string
  readonly text: string
}

/** Where statements run: each on its own, or inside one transaction. */
export interface Session {
  /** For statements that drizzle writes as well as a person would. */
  readonly orm: NodePgDatabase
  /** For the others. Rows are arrays, in the order of the select list. */
  rows<Row extends unknown[]>(sql: string | Prepared, values?: readonly unknown[]): Promise<Row[]>
  /** Runs `work` inside the surrounding transaction, or in one of its own. */
  atomically<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
}

export interface Transaction extends Session {
  readonly client: PoolClient
}

/** With a fence, whatever is written counts only as long as this process holds the lease. */
export function poolSession(pool: Pool, fence: Fence | null = null): Session {
  const source = fence === null ? pool : fencedPool(pool, fence)
  return {
    orm: drizzle(source),
    rows: (sql, values) => arrayRows(source, sql, values),
    atomically: (work) => transact(pool, fence, work),
  }
}

/** The transaction that is open on a client. */
export function transactionOn(client: PoolClient): Transaction {
  const transaction: Transaction = {
    client,
    orm: drizzle(client),
    rows: (sql, values) => arrayRows(client, sql, values),
    atomically: (work) => work(transaction),
  }
  return transaction
}

async function arrayRows<Row extends unknown[]>(
  source: Pool | PoolClient,
  sql: string | Prepared,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const statement = typeof sql === 'string' ? { text: sql } : sql
  const { rows } = await source.query<Row>({ ...statement, values: [...values], rowMode: 'array' })
  return rows
}

async function transact<T>(
  pool: Pool,
  fence: Fence | null,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    const result = await work(transactionOn(client))
    if (fence !== null) await checkFence(client, fence)
    return result
  })
}

export interface RetryDeps {
  /** Machine time. */
  readonly clock: Clock
  readonly random: Random
}

const ATTEMPTS = 4
const RETRY_DELAY_MS = 25

/** The same session, whose transactions are tried again after a collision with another one. */
export const retrying = (session: Session, deps: RetryDeps): Session => ({
  ...session,
  atomically: (work) => withRetries(deps, () => session.atomically(work)),
})

async function withRetries<T>({ clock, random }: RetryDeps, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === ATTEMPTS || !isCollision(error)) throw error
      await clock.sleep(RETRY_DELAY_MS * attempt * (1 + random()))
    }
  }
}
