import { checkServer, openPool } from '../db/connect.ts'
import { startCluster } from '../db/embedded/cluster.ts'
import { openLease } from '../db/lease.ts'
import { migrate } from '../db/migrate.ts'
import { openQueueRunner } from '../db/queueRunner.ts'
import { openStores } from '../db/stores.ts'
import { worldStore } from '../db/world.ts'
import { backfillSessionsJob } from '../jobs/backfillSessions.ts'
import { checkCalendarJob } from '../jobs/checkCalendar.ts'
import { collectBars } from '../jobs/collectBars.ts'
import { reportProgress } from '../jobs/reportProgress.ts'
import { Schedule } from '../jobs/schedule.ts'
import { hostsOf, isLoopback } from '../routes/access.ts'
import { createApp } from '../routes/app.ts'
import { listen } from '../routes/serve.ts'
import { machineClock } from './clock/machine.ts'
import { backfills } from './collection/backfill.ts'
import { liveDemand } from './collection/collect.ts'
import type { Config } from './config.ts'
import { Gateway } from './gateway/gateway.ts'
import { ibMarketData } from './gateway/ibMarketData.ts'
import { ledgerPacing, pacingRules } from './gateway/pacing.ts'
import { lead } from './leading.ts'
import type { Log } from './log.ts'
import { openMarketTime } from './marketTime.ts'
import { storedToken } from './token.ts'

/** What runs, and where to find it. */
export interface Service {
  readonly url: string
  readonly tokenPath: string
  readonly database: string
  stop(): Promise<void>
}
