import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg'
import { conflict } from '../src/errors.ts'
import { inTransaction } from './transaction.ts'

/** The epoch under which a holder of the lease writes; null before it has held one. */
export type Fence = () => number | null

/**
 * False when the transaction has written and somebody else holds the lease by now. The row stays locked until the
 * commit, so that no new holder can begin between this look and it. A holder that has slept finds itself out here.
 */
const IS_HOLDER = `
  select pg_current_xact_id_if_assigned() is null
    or exists (select from leases where name = 'tws' and epoch = $1 for share)`

/** To be called last in a transaction. Rejects with `conflict` when what it wrote must not be kept. */
export async function checkFence(client: PoolClient, fence: Fence): Promise<void> {
  const epoch = fence()
  if (epoch === null) return
  const { rows } = await client.query<[boolean]>({ text: IS_HOLDER, values: [epoch], rowMode: 'array' })
  if (!rows[0]![0]) throw conflict('another process has taken the lease: nothing of this is kept')
}

/**
 * What drizzle writes for a select begins with a quoted column. None of ours locks outside a transaction or calls a
 * function that writes; a select that we write ourselves may, and is fenced like all else.
 */
const isPlainSelect = ({ text }: QueryConfig): boolean => text.startsWith('select "')

/** A pool whose single statements are transactions with the fence at their end, unless they are plain selects. */
export const fencedPool = (pool: Pool, fence: Fence): Pool =>
  ({
    connect: () => pool.connect(),
    query: (config: QueryConfig, values?: unknown[]) =>
      isPlainSelect(config) ? pool.query(config, values) : fencedQuery(pool, fence, config, values),
  }) as unknown as Pool // the sessions, and drizzle, use no more of it

async function fencedQuery(
  pool: Pool,
  fence: Fence,
  config: QueryConfig,
  values?: unknown[],
): Promise<QueryResult> {
  return inTransaction(pool, async (client) => {
    const result = await client.query(config, values)
    await checkFence(client, fence)
    return result
  })
}
