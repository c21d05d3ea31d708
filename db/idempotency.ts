import { and, eq, sql } from 'drizzle-orm'
import type { IdempotencyStore } from '../src/ports/idempotency.ts'
import { idempotencyKeys } from './schema.ts'
import type { Session } from './session.ts'

const { route, key, bodyHash, status, body, createdAt } = idempotencyKeys

/** By the database's clock: the processes that share it agree on it. */
const isExpired = sql`${createdAt} <= clock_timestamp() - interval '24 hours'`

export const idempotencyStore = ({ orm }: Session): IdempotencyStore => ({
  async find(onRoute, underKey) {
    const [found] = await orm
      .select({ bodyHash, status, body })
      .from(idempotencyKeys)
      .where(and(eq(route, onRoute), eq(key, underKey), sql`not ${isExpired}`))
    return found ?? null
  },

  async save(onRoute, underKey, answer) {
    await orm.delete(idempotencyKeys).where(isExpired)
    const saved = await orm
      .insert(idempotencyKeys)
      .values({ route: onRoute, key: underKey, ...answer })
      .onConflictDoNothing()
      .returning({ key })
    return saved.length > 0
  },
})
