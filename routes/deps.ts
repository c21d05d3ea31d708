import type { Rates } from '../src/access/rates.ts'
import type { Tokens } from '../src/access/tokens.ts'
import type { Log } from '../src/log.ts'
import type { SessionKind } from '../src/market/session.ts'
import type { Clock } from '../src/market/time.ts'
import type { Backfills } from '../src/ports/backfills.ts'
import type { Backtests } from '../src/ports/backtests.ts'
import type { EventStreams } from '../src/ports/eventStreams.ts'
import type { GatewayStatus } from '../src/ports/gateway.ts'
import type { BarImports } from '../src/ports/imports.ts'
import type { Jobs } from '../src/ports/jobs.ts'
import type { QualifiedInstrument } from '../src/ports/marketData.ts'
import type { Metrics } from '../src/ports/metrics.ts'
import type { Pacing } from '../src/ports/pacing.ts'
import type { Storage } from '../src/ports/storage.ts'
import type { Stores } from '../src/ports/stores.ts'
import type { Trading } from '../src/ports/trading.ts'
import type { Webhooks } from '../src/ports/webhooks.ts'
import type { AccessRules } from './access.ts'

interface GatewayView {
  readonly simulated: boolean
  status(): GatewayStatus
  qualify(symbol: string): Promise<QualifiedInstrument>
}

/** Everything that the routes ask. */
export interface AppDeps {
  readonly stores: Stores
  readonly market: Clock
  readonly machine: Clock
  readonly pacing: Pick<Pacing, 'usage'>
  readonly gateway: GatewayView
  readonly backfills: Backfills
  readonly backtests: Backtests
  readonly trading: Trading
  readonly jobs: Jobs
  readonly metrics: Metrics
  readonly eventStreams: EventStreams
  readonly webhooks: Webhooks
  readonly imports: BarImports
  readonly storage: Pick<Storage, 'use'>
  /** How long seconds stay as rows; null for ever. */
  readonly retentionDays: number | null
  /** What the service lacks to do its work, a sentence each; empty when it is ready. */
  readonly readiness: () => Promise<string[]>
  /** What `session` means where a client leaves it out of coverage and backfills. */
  readonly collectSession: SessionKind
  readonly access: AccessRules
  readonly tokens: Tokens
  readonly rates: Rates
  readonly version: string
  readonly log: Log
}
