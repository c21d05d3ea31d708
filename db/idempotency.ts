import { and, eq, isNull, sql } from 'drizzle-orm'
import type { IdempotencyStore, KeyedRequest } from '../src/ports/idempotency.ts'
import { idempotencyKeys } from './schema.ts'
import type { Session } from './session.ts'

const { route, key, bodyHash, subject, status, body, createdAt } = idempotencyKeys

/** By the database's clock: the processes that share it agree on it. */
const isExpired = sql`${createdAt} <= clock_timestamp() - interval '24 hours'`

const unanswered = (onRoute: string, underKey: string) =>
  and(eq(route, onRoute), eq(key, underKey), isNull(status))

export const idempotencyStore = (session: Session): IdempotencyStore => ({
  begin: (...request) => session.atomically((transaction) => begin(transaction, ...request)),

  async finish(onRoute, underKey, answer) {
    const finished = await session.orm
      .update(idempotencyKeys)
      .set(answer)
      .where(unanswered(onRoute, underKey))
      .returning({ key })
    return finished.length > 0
  },

  forget: async (onRoute, underKey) =>
    void (await session.orm.delete(idempotencyKeys).where(unanswered(onRoute, underKey))),
})

/** The row is written either way: of two that come at once the second waits, and sees the first one's. */
async function begin(
  { orm }: Session,
  onRoute: string,
  underKey: string,
  hash: string,
): Promise<KeyedRequest> {
  await orm.delete(idempotencyKeys).where(isExpired)
  const [row] = await orm
    .insert(idempotencyKeys)
    .values({ route: onRoute, key: underKey, bodyHash: hash })
    .onConflictDoUpdate({ target: [route, key], set: { key: underKey } })
    .returning({ bodyHash, subject, status, body })
  const { status: code, body: text, ...request } = row!
  return { ...request, answer: code === null ? null : { status: code, body: text! } }
}
