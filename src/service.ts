import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { checkServer, openPool } from '../db/connect.ts'
import { startCluster } from '../db/embedded/cluster.ts'
import { openLease } from '../db/lease.ts'
import { migrate } from '../db/migrate.ts'
import { pacingLedger } from '../db/pacing.ts'
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
import { ledgerPacing, type PacingDeps, pacingRules } from './gateway/pacing.ts'
import { lead } from './leading.ts'
import type { Log } from './log.ts'
import { type MarketTime, openMarketTime } from './marketTime.ts'
import { storedToken } from './token.ts'

/** What runs, and where to find it. */
export interface Service {
  readonly url: string
  readonly tokenPath: string
  readonly database: string
  readonly market: MarketTime
  /** Ends everything in the reverse order of its start. */
  stop(): Promise<void>
}

type Undo = () => Promise<unknown>
type Pool = ReturnType<typeof openPool>

const edges = { clock: machineClock, random: Math.random }

/** Starts the whole service. Rejects with an AppError that says what to do; then nothing is left running. */
export async function startService(config: Config, version: string, log: Log): Promise<Service> {
  const undo: Undo[] = []
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error) => log.warn({ error: String(error) }, 'a part did not end cleanly'))
    }
  }
  try {
    return { ...(await start(config, version, log, undo)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  config: Config,
  version: string,
  log: Log,
  undo: Undo[],
): Promise<Omit<Service, 'stop'>> {
  const { token, path: tokenPath } = await storedToken(config.dataDir)
  const database = await openDatabase(config, log, undo)
  const jobsPool = await openCheckedPool(database.url, log, undo)
  const market = await openMarketTime(config, {
    worlds: worldStore(jobsPool),
    machine: machineClock,
    log,
  })
  undo.push(() => market.close())
  const work = assemble(config, market, jobsPool, log)
  const address = await serve({ config, version, log, undo, token, market, work, url: database.url })
  startLeading({ config, log, undo, market, work, url: database.url })
  return { url: `http://${address}`, tokenPath, database: database.where, market }
}

/** The address of the database, started here when none is given, with its schema up to date. */
async function openDatabase(config: Config, log: Log, undo: Undo[]): Promise<{ url: string; where: string }> {
  if (config.databaseUrl !== null) {
    await migrate({ url: config.databaseUrl, log })
    return { url: config.databaseUrl, where: new URL(config.databaseUrl).host }
  }
  const cluster = await startCluster({ dataDir: resolve(config.dataDir), log })
  undo.push(() => cluster.stop())
  await migrate({ url: cluster.url, log })
  return { url: cluster.url, where: `embedded PostgreSQL in ${cluster.directory}` }
}

async function openCheckedPool(url: string, log: Log, undo: Undo[]): Promise<Pool> {
  const pool = openPool({ url, purpose: 'jobs', log })
  undo.push(() => pool.end())
  await checkServer(pool)
  return pool
}

type Work = ReturnType<typeof assemble>

/** The parts that do the work, on the pool of the jobs. None of them has begun. */
function assemble(config: Config, market: MarketTime, pool: Pool, log: Log) {
  const stores = openStores(pool, edges)
  const { clock } = market
  const pacingDeps: PacingDeps = {
    ledger: pacingLedger(pool),
    market: clock,
    rules: pacingRules(market.speed),
    demand: liveDemand(config.collectSession),
  }
  const pacing = ledgerPacing(pacingDeps)
  const address = { ...market.tws, clientId: config.tws.clientId }
  const gateway = new Gateway({ address, market: clock, machine: machineClock, random: Math.random, log })
  const marketData = ibMarketData({ gateway, market: clock, log })
  const tracked = async () => (await stores.instruments.list()).filter((it) => it.tracked)
  const shared = { stores, pacing, marketData, market: clock, log, tracked, session: config.collectSession }
  const schedule = new Schedule({ market: clock, runs: stores.jobRuns, log }, [
    collectBars(shared, tracked),
    backfillSessionsJob(shared, tracked, config.backfillSessions),
    checkCalendarJob(shared),
    reportProgress(shared),
  ])
  return { ...shared, gateway, schedule, pacingDeps, worlds: worldStore(pool) }
}

interface ServeParts {
  readonly config: Config
  readonly version: string
  readonly log: Log
  readonly undo: Undo[]
  readonly token: string
  readonly market: MarketTime
  readonly work: Work
  readonly url: string
}

/** The API, on a pool of its own: a slow query of a client must not delay a tick. */
async function serve({ config, version, log, undo, token, market, work, url }: ServeParts): Promise<string> {
  const pool = openPool({ url, purpose: 'api', log })
  undo.push(() => pool.end())
  const { gateway, marketData } = work
  const stores = openStores(pool, edges)
  const app = createApp({
    stores,
    market: market.clock,
    machine: machineClock,
    pacing: work.pacing,
    gateway: {
      simulated: market.simulated,
      status: () => gateway.status(),
      qualify: (symbol) => marketData.qualify(symbol),
    },
    backfills: backfills({ stores, market: market.clock, session: config.collectSession }),
    jobs: work.schedule,
    readiness: () => readiness(pool, gateway),
    collectSession: config.collectSession,
    access: {
      token,
      openReads: isLoopback(config.host),
      hosts: hostsOf(config.host, config.allowedHosts),
    },
    version,
    log,
  })
  const server = await listen({ app, host: config.host, port: config.port, log })
  undo.push(() => server.close())
  return server.address
}

/** What is missing, a sentence each. */
async function readiness(pool: Pool, gateway: Gateway): Promise<string[]> {
  const reasons: string[] = []
  await pool.query('select').catch(() => reasons.push('the database does not answer'))
  const { state, reason } = gateway.status()
  if (state !== 'ready' && state !== 'standby')
    reasons.push(`the gateway is ${state}${reason ? `: ${reason}` : ''}`)
  return reasons
}

interface LeadingParts {
  readonly config: Config
  readonly log: Log
  readonly undo: Undo[]
  readonly market: MarketTime
  readonly work: Work
  readonly url: string
}

function startLeading({ config, log, undo, market, work, url }: LeadingParts): void {
  const stopping = new AbortController()
  const leading = lead(
    {
      ...work,
      lease: openLease({ url, clock: machineClock, holder: `${hostname()}/${process.pid}` }),
      runner: openQueueRunner({ url, log, clock: machineClock }),
      market: market.clock,
      machine: machineClock,
      log,
      symbols: config.symbols,
      atStart: ['backfill-sessions', 'check-calendar'],
    },
    stopping.signal,
  )
  undo.push(() => {
    stopping.abort(new Error('the service is stopping'))
    return leading
  })
}
