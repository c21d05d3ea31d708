import { asc, gte, sql } from 'drizzle-orm'
import type { Pool } from 'pg'
import { type EpochMs, isoInstant } from '../src/market/time.ts'
import type { PacedRequest, PacingLedger } from '../src/ports/pacingLedger.ts'
import { guarded } from './errors.ts'
import type { Fence } from './fence.ts'
import { LOCK_SPACE, LOCKS } from './locks.ts'
import { pacingLog } from './schema.ts'
import { poolSession, type Session } from './session.ts'

type Decide = Parameters<PacingLedger['append']>[1]

export function pacingLedger(pool: Pool, fence: Fence | null = null): PacingLedger {
  const session = poolSession(pool, fence)
  return guarded({
    append: (from: EpochMs, decide: Decide) =>
      session.atomically(async (transaction) => {
        await transaction.rows('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.pacing])
        const request = decide(await since(transaction, from))
        if (request !== null) await insert(transaction, request)
        return request
      }),
    since: (from: EpochMs) => since(session, from),
  })
}

const { id, at, weight, lane, signature, contract } = pacingLog

const since = ({ orm }: Session, from: EpochMs): Promise<PacedRequest[]> =>
  orm
    .select({ at, weight, lane, signature, contract })
    .from(pacingLog)
    .where(gte(at, from))
    .orderBy(asc(at), asc(id))

async function insert({ orm }: Session, request: PacedRequest): Promise<void> {
  await orm.insert(pacingLog).values(request)
  await orm
    .delete(pacingLog)
    .where(sql`${at} < ${isoInstant(request.at)}::timestamptz - interval '1 hour' and ${NOT_RECENT}`)
}

/** A clock that jumps must not empty the window: the last rows stay, whatever time they carry. */
const NOT_RECENT = sql`${id} <= currval('pacing_log_id_seq') - 1000`
