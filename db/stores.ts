import type { Pool } from 'pg'
import type { BadPrintPolicy } from '../src/ports/quarantine.ts'
import type { Stores } from '../src/ports/stores.ts'
import { auditStore } from './audit.ts'
import { backfillStore } from './backfills.ts'
import { backtestStore } from './backtests.ts'
import { columnReads, noColumns } from './barColumns.ts'
import { csvExports, noCsv } from './barCsv.ts'
import { type BulkReads, barStore } from './bars.ts'
import { coverageStore } from './coverage.ts'
import { decisionStore } from './decisions.ts'
import { guarded } from './errors.ts'
import { eventStore } from './events.ts'
import { executionStore } from './executions.ts'
import type { Fence } from './fence.ts'
import { idempotencyStore } from './idempotency.ts'
import { instrumentStore } from './instruments.ts'
import { intentStore } from './intents.ts'
import { jobRunStore } from './jobRuns.ts'
import { quarantineStore } from './quarantine.ts'
import { queue } from './queue.ts'
import { revisionStore } from './revisions.ts'
import { poolSession, type RetryDeps, retrying, type Session } from './session.ts'
import { tokenStore } from './tokens.ts'
import { traderStore } from './traders.ts'
import { webhookStore } from './webhooks.ts'

interface StoresDeps extends RetryDeps {
  /** For the process that may hold the lease: what it writes after losing it is refused with `conflict`. */
  readonly fence?: Fence | null
  /** What becomes of suspected bad prints: flagged unless told otherwise. */
  readonly badPrints?: BadPrintPolicy
}

/** Everything that is kept, behind one pool. Every method rejects with an AppError while the database is away. */
export function openStores(pool: Pool, { fence = null, badPrints = 'flag', ...deps }: StoresDeps): Stores {
  const session = retrying(poolSession(pool, fence), deps)
  const { transaction } = guarded({
    transaction: <T>(work: (stores: Stores) => Promise<T>) =>
      session.atomically((inner) => work(storesOn(inner, badPrints, NO_BULK, noNesting))),
  })
  return storesOn(session, badPrints, { csv: csvExports(pool), columns: columnReads(pool) }, transaction)
}

const NO_BULK: BulkReads = { csv: noCsv, columns: noColumns }

const noNesting = () => Promise.reject(new Error('transactions are not nested'))

const storesOn = (
  session: Session,
  badPrints: BadPrintPolicy,
  bulk: BulkReads,
  transaction: Stores['transaction'],
): Stores => ({
  instruments: guarded(instrumentStore(session)),
  bars: guarded(barStore(session, badPrints, bulk)),
  coverage: guarded(coverageStore(session)),
  revisions: guarded(revisionStore(session)),
  quarantine: guarded(quarantineStore(session, badPrints)),
  backfills: guarded(backfillStore(session)),
  backtests: guarded(backtestStore(session)),
  events: guarded(eventStore(session)),
  webhooks: guarded(webhookStore(session)),
  jobRuns: guarded(jobRunStore(session)),
  idempotency: guarded(idempotencyStore(session)),
  queue: guarded(queue(session)),
  traders: guarded(traderStore(session)),
  intents: guarded(intentStore(session)),
  executions: guarded(executionStore(session)),
  decisions: guarded(decisionStore(session)),
  tokens: guarded(tokenStore(session)),
  audit: guarded(auditStore(session)),
  transaction,
})
