import type { Pool } from 'pg'
import type { Stores } from '../src/ports/stores.ts'
import { backfillStore } from './backfills.ts'
import { barStore } from './bars.ts'
import { coverageStore } from './coverage.ts'
import { guarded } from './errors.ts'
import { idempotencyStore } from './idempotency.ts'
import { instrumentStore } from './instruments.ts'
import { jobRunStore } from './jobRuns.ts'
import { queue } from './queue.ts'
import { poolSession, type RetryDeps, retrying, type Session } from './session.ts'

/** Everything that is kept, behind one pool. Every method rejects with an AppError while the database is away. */
export function openStores(pool: Pool, deps: RetryDeps): Stores {
  const session = retrying(poolSession(pool), deps)
  const { transaction } = guarded({
    transaction: <T>(work: (stores: Stores) => Promise<T>) =>
      session.atomically((inner) => work(storesOn(inner, noNesting))),
  })
  return storesOn(session, transaction)
}

const noNesting = () => Promise.reject(new Error('transactions are not nested'))

const storesOn = (session: Session, transaction: Stores['transaction']): Stores => ({
  instruments: guarded(instrumentStore(session)),
  bars: guarded(barStore(session)),
  coverage: guarded(coverageStore(session)),
  backfills: guarded(backfillStore(session)),
  jobRuns: guarded(jobRunStore(session)),
  idempotency: guarded(idempotencyStore(session)),
  queue: guarded(queue(session)),
  transaction,
})
