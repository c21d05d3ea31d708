import { backfillSessionsJob } from '../../jobs/backfillSessions.ts'
import { checkCalendarJob } from '../../jobs/checkCalendar.ts'
import { collectBars } from '../../jobs/collectBars.ts'
import { completeSessions } from '../../jobs/completeSessions.ts'
import { healBars } from '../../jobs/healBars.ts'
import { lookAgainJob } from '../../jobs/lookAgain.ts'
import { reportProgress } from '../../jobs/reportProgress.ts'
import { Schedule } from '../../jobs/schedule.ts'
import { watchCollectionJob } from '../../jobs/watchCollection.ts'
import { liveDemand } from '../../src/collection/collect.ts'
import type { Dial } from '../../src/gateway/duplex.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { ibMarketData } from '../../src/gateway/ibMarketData.ts'
import { ledgerPacing, pacingWhile } from '../../src/gateway/pacing.ts'
import { pacingRules } from '../../src/gateway/pacingRules.ts'
import { type LeadingDeps, lead } from '../../src/leading.ts'
import type { Log } from '../../src/log.ts'
import type { Clock, Random } from '../../src/market/time.ts'
import type { Alerts } from '../../src/ports/alerts.ts'
import type { Jobs } from '../../src/ports/jobs.ts'
import type { Lease } from '../../src/ports/lease.ts'
import type { MarketData } from '../../src/ports/marketData.ts'
import type { Pacing } from '../../src/ports/pacing.ts'
import type { PacingLedger } from '../../src/ports/pacingLedger.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { MemoryDatabase } from '../support/twins/database.ts'
import { memoryWorld } from '../support/twins/world.ts'
import type { VirtualClock } from './virtualClock.ts'

const CLIENT_ID = 17
export const SYMBOL = 'SPY'
export const SESSION = 'rth'
/** Enough to use the whole budget before the first open. */
const BACKFILL_SESSIONS = 5
/** How many times more rarely than in production an idle dispatcher looks for work: most of a night is its looking. */
const LEISURE = 8

/** Where a fault of our own can be put into the service, to see that it is found. */
export interface Seams {
  readonly stores: (stores: Stores) => Stores
  readonly pacing: (pacing: Pacing, clock: Clock) => Pacing
  readonly marketData: (marketData: MarketData) => MarketData
}

export interface ServiceDeps {
  readonly clock: VirtualClock
  readonly random: Random
  readonly log: Log
  readonly alerts: Alerts
  readonly dial: Dial
  readonly lease: Lease
  readonly ledger: PacingLedger
  readonly stores: Stores
  readonly runner: MemoryDatabase['runner']
  readonly seams: Seams
  /** Told of the cron lines once they stand. */
  readonly onJobs: (jobs: Jobs) => void
}

/** The collecting half of the service as service.ts puts it together, on one clock. Ends with the signal. */
export async function collecting(deps: ServiceDeps, signal: AbortSignal): Promise<void> {
  const { clock, random, log, alerts, seams, ledger } = deps
  const stores = seams.stores(deps.stores)
  const worlds = memoryWorld()
  await worlds.settle({ kind: 'real', world: null, anchor: null })
  const address = { host: 'tws', port: 4002, clientId: CLIENT_ID, dial: deps.dial }
  const gateway = new Gateway({ address, market: clock, machine: clock, random, alerts, log })
  const budget = ledgerPacing({ ledger, market: clock, rules: pacingRules(1), demand: liveDemand(SESSION) })
  const pacing = seams.pacing(
    pacingWhile(() => gateway.ready(), budget),
    clock,
  )
  const marketData = seams.marketData(ibMarketData({ gateway, market: clock, pacing, log }))
  const tracked = async () => (await stores.instruments.list()).filter((it) => it.tracked)
  const shared = {
    stores,
    pacing,
    marketData,
    market: clock,
    alerts,
    log,
    tracked,
    session: SESSION,
  } as const
  const schedule = new Schedule({ market: clock, runs: stores.jobRuns, log }, [
    collectBars(shared, tracked),
    healBars(shared, tracked),
    lookAgainJob(shared, tracked),
    completeSessions(shared),
    watchCollectionJob(shared),
    backfillSessionsJob(shared, tracked, BACKFILL_SESSIONS),
    checkCalendarJob(shared),
    reportProgress(shared),
  ])
  deps.onJobs(schedule)
  const leading: LeadingDeps = {
    ...{ ...shared, gateway, schedule, worlds, lease: deps.lease },
    runner: deps.runner(clock),
    onReign: () => {},
    machine: leisurely(clock),
    symbols: [SYMBOL],
    trade: async () => {},
    atStart: ['backfill-sessions', 'check-calendar'],
  }
  await lead(leading, signal)
}

const leisurely = (clock: VirtualClock): Clock => ({
  ...clock,
  sleep: (delayMs, signal) => clock.sleep(delayMs * LEISURE, signal),
})
