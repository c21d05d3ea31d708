import type { AuditStore } from './audit.ts'
import type { BackfillStore } from './backfills.ts'
import type { BacktestStore } from './backtests.ts'
import type { BarStore } from './bars.ts'
import type { CoverageStore } from './coverage.ts'
import type { DecisionStore } from './decisions.ts'
import type { EventStore } from './events.ts'
import type { ExecutionStore } from './executions.ts'
import type { IdempotencyStore } from './idempotency.ts'
import type { InstrumentStore } from './instruments.ts'
import type { IntentStore } from './intents.ts'
import type { JobRunStore } from './jobRuns.ts'
import type { QuarantineStore } from './quarantine.ts'
import type { Queue } from './queue.ts'
import type { RevisionStore } from './revisions.ts'
import type { TokenStore } from './tokens.ts'
import type { TraderStore } from './traders.ts'
import type { WebhookStore } from './webhooks.ts'

/** Everything that is kept, behind one connection pool. */
export interface Stores {
  readonly instruments: InstrumentStore
  readonly bars: BarStore
  readonly coverage: CoverageStore
  readonly revisions: RevisionStore
  readonly quarantine: QuarantineStore
  readonly backfills: BackfillStore
  readonly backtests: BacktestStore
  readonly events: EventStore
  readonly webhooks: WebhookStore
  readonly jobRuns: JobRunStore
  readonly idempotency: IdempotencyStore
  readonly queue: Queue
  readonly traders: TraderStore
  readonly intents: IntentStore
  readonly executions: ExecutionStore
  readonly decisions: DecisionStore
  readonly tokens: TokenStore
  readonly audit: AuditStore
  /** Runs `work` on stores that share one transaction: all of it happens, or nothing. Must not be nested. */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>
}
