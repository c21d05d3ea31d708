import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { databaseClock } from '../db/clock.ts'
import { checkServer, openPool } from '../db/connect.ts'
import { startCluster } from '../db/embedded/cluster.ts'
import { openEventBell } from '../db/eventBell.ts'
import { fencedPool } from '../db/fence.ts'
import { openLease } from '../db/lease.ts'
import { migrate } from '../db/migrate.ts'
import { pacingLedger } from '../db/pacing.ts'
import { openQueueRunner } from '../db/queueRunner.ts'
import { openStorage } from '../db/storage.ts'
import { openStores } from '../db/stores.ts'
import { worldStore } from '../db/world.ts'
import { archiveSeconds } from '../jobs/archiveSeconds.ts'
import { backfillSessionsJob } from '../jobs/backfillSessions.ts'
import { checkCalendarJob } from '../jobs/checkCalendar.ts'
import { collectBars } from '../jobs/collectBars.ts'
import { completeSessions } from '../jobs/completeSessions.ts'
import { healBars } from '../jobs/healBars.ts'
import { lookAgainJob } from '../jobs/lookAgain.ts'
import { prepareMonths } from '../jobs/prepareMonths.ts'
import { reportParity } from '../jobs/reportParity.ts'
import { reportProgress } from '../jobs/reportProgress.ts'
import { Schedule } from '../jobs/schedule.ts'
import { summarizeDay } from '../jobs/summarizeDay.ts'
import { tellAuditHeadJob } from '../jobs/tellAuditHead.ts'
import { watchCollectionJob } from '../jobs/watchCollection.ts'
import { hostsOf, isLoopback } from '../routes/access.ts'
import { createApp } from '../routes/app.ts'
import { listen } from '../routes/serve.ts'
import { ELSEWHERE, ON_LOOPBACK } from './access/rates.ts'
import { Tokens } from './access/tokens.ts'
import { openAlerts } from './alerts.ts'
import { machineClock } from './clock/machine.ts'
import { backfills } from './collection/backfill.ts'
import { liveDemand } from './collection/collect.ts'
import type { Config } from './config.ts'
import { invalid, messageOf } from './errors.ts'
import { Broadcast } from './events/broadcast.ts'
import { tellInOrder } from './events/inOrder.ts'
import { Gateway } from './gateway/gateway.ts'
import { ibMarketData } from './gateway/ibMarketData.ts'
import { ledgerPacing, pacingWhile } from './gateway/pacing.ts'
import { pacingRules } from './gateway/pacingRules.ts'
import { stateEvents } from './gateway/stateEvents.ts'
import { barImports } from './imports/importBars.ts'
import { watchKillSwitch } from './killSwitch.ts'
import { type LeadingDeps, lead } from './leading.ts'
import type { Log } from './log.ts'
import { type MarketTime, openMarketTime } from './marketTime.ts'
import { openMetrics } from './metrics.ts'
import type { Backtests } from './ports/backtests.ts'
import type { EventBell } from './ports/eventStreams.ts'
import type { Stores } from './ports/stores.ts'
import type { Trader, TraderSettings } from './ports/traders.ts'
import { readingsOf } from './readings.ts'
import { openBacktests } from './research/backtests.ts'
import type { Seams } from './seams.ts'
import { openThreadPool } from './sweep/pool.ts'
import { type StoredToken, storedToken } from './token.ts'
import { readTraderConfig } from './traderConfig.ts'
import { tellClosedSession } from './trading/daySummary.ts'
import { tradingDesk } from './trading/desk.ts'
import { KillLatch } from './trading/killLatch.ts'
import { parityReport } from './trading/parityReport.ts'
import { RunningTrader } from './trading/runningTrader.ts'
import type { SettingsChange } from './trading/settings.ts'
import { settleTrader } from './trading/settle.ts'
import type { AccountPolicy } from './trading/traderDeps.ts'
import { openTrading, type Trade } from './tradingPart.ts'
import { tradingReadings } from './tradingReadings.ts'
import { webhookKey } from './webhookKey.ts'
import { openWebhooks } from './webhookPart.ts'

/** What runs, and where to find it. */
export interface Service {
  readonly url: string
  readonly tokenPath: string
  readonly database: string
  readonly market: MarketTime
  /** As it is stored at the start. */
  readonly trader: Trader
  /** Ends everything in the reverse order of its start. */
  stop(): Promise<void>
}

type Undo = () => Promise<unknown>
type Pool = ReturnType<typeof openPool>

/** This process, for the eyes of an operator. */
const HOLDER = `${hostname()}/${process.pid}`

const edges = { clock: machineClock, random: Math.random }

/** Starts the whole service. Rejects with an AppError that says what to do; then nothing is left running. */
export async function startService(
  config: Config,
  version: string,
  log: Log,
  seams: Seams = {},
): Promise<Service> {
  const undo: Undo[] = []
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error) => log.warn({ error: String(error) }, 'a part did not end cleanly'))
    }
  }
  try {
    return { ...(await start(config, version, log, undo, seams)), stop }
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
  seams: Seams,
): Promise<Omit<Service, 'stop'>> {
  const stated = await statedSettings(config)
  const token = await storedToken(config.dataDir)
  const database = await openDatabase(config, log, undo)
  const jobsPool = await openMigratedPool(database.url, log, undo)
  const market = await openMarketTime(config, {
    worlds: worldStore(jobsPool),
    databaseClock: databaseClock(jobsPool),
    machine: machineClock,
    log,
  })
  undo.push(() => market.close())
  const trader = await settleTrader(
    { stores: openStores(jobsPool, edges), market: market.clock },
    { mode: config.trading.kind, isSimulated: market.simulated, symbols: config.symbols, stated },
  )
  const latch = new KillLatch()
  const work = assemble(config, market, jobsPool, log, stopSignal(undo), seams)
  const bell = openEventBell({ url: database.url, clock: machineClock, log })
  undo.push(() => bell.close())
  const webhooks = await webhooksOf(config, version, market, log)
  const parts = { config, version, log, undo, seams, market, work, latch, bell, webhooks, url: database.url }
  const address = await serve({ ...parts, token })
  startLeading({ ...parts, settings: trader.settings })
  startDelivering(parts)
  return { url: `http://${address}`, tokenPath: token.path, database: database.where, market, trader }
}

/** What the file of TRADER_CONFIG states; a symbol of which no bars are collected has no price. */
async function statedSettings({ traderConfig, symbols }: Config): Promise<SettingsChange> {
  if (traderConfig === null) return {}
  const stated = await readTraderConfig(traderConfig)
  if (stated.symbol === undefined || symbols.includes(stated.symbol)) return stated
  const message = `${stated.symbol} is not among SYMBOLS: its bars are not collected`
  throw invalid(`TRADER_CONFIG cannot be used: ${traderConfig}`, { issues: [{ path: '/symbol', message }] })
}

/** The address of the database, started here when none is given. */
async function openDatabase(config: Config, log: Log, undo: Undo[]): Promise<{ url: string; where: string }> {
  if (config.databaseUrl !== null) {
    return { url: config.databaseUrl, where: new URL(config.databaseUrl).host }
  }
  const cluster = await startCluster({ dataDir: resolve(config.dataDir), log })
  undo.push(() => cluster.stop())
  return { url: cluster.url, where: `embedded PostgreSQL in ${cluster.directory}` }
}

/** A server that may forget what it acknowledged is refused before anything is written to it. */
async function openMigratedPool(url: string, log: Log, undo: Undo[]): Promise<Pool> {
  const pool = openPool({ url, purpose: 'jobs', log })
  undo.push(() => pool.end())
  await checkServer(pool)
  await migrate({ url, log })
  return pool
}

/** Aborted when everything ends. */
function stopSignal(undo: Undo[]): AbortSignal {
  const stopping = new AbortController()
  undo.push(async () => stopping.abort(new Error('the service is stopping')))
  return stopping.signal
}

type Work = ReturnType<typeof assemble>

/** The parts that do the work, on the pool of the jobs. None of them has begun. */
function assemble(
  config: Config,
  market: MarketTime,
  pool: Pool,
  log: Log,
  stopping: AbortSignal,
  { dial }: Seams,
) {
  let epoch: number | null = null
  const fence = () => epoch
  const stores = openStores(pool, { ...edges, fence, badPrints: config.badPrints })
  const { clock } = market
  const tell = tellInOrder({ events: stores.events, machine: machineClock, log }, stopping)
  const alerts = openAlerts({ market: clock, log, tell })
  const budget = ledgerPacing({
    ledger: pacingLedger(pool, fence),
    market: clock,
    rules: pacingRules(market.speed),
    demand: liveDemand(config.collectSession),
  })
  const address = { ...market.tws, clientId: config.tws.clientId, ...(dial && { dial }) }
  const gateway = new Gateway({
    ...{ address, market: clock, machine: machineClock, random: Math.random, alerts, log },
    onState: stateEvents(tell),
    onReady: () => void catchUp(schedule, log),
  })
  const pacing = pacingWhile(() => gateway.ready(), budget)
  const marketData = ibMarketData({ gateway, market: clock, pacing, log })
  const tracked = async () => (await stores.instruments.list()).filter((it) => it.tracked)
  const shared = {
    ...{ stores, pacing, marketData, market: clock, alerts, log, tracked },
    session: config.collectSession,
  }
  const storage = openStorage(pool)
  const running = new RunningTrader()
  const metrics = openMetrics([
    ...readingsOf({ ...shared, gateway }),
    ...tradingReadings({ ...shared, running }),
  ])
  const schedule = new Schedule({ market: clock, runs: stores.jobRuns, metrics, log }, [
    collectBars(shared, tracked),
    healBars(shared, tracked),
    lookAgainJob(shared, tracked),
    completeSessions(shared),
    watchCollectionJob(shared),
    backfillSessionsJob(shared, tracked, config.backfillSessions),
    checkCalendarJob(shared),
    prepareMonths({ storage, market: clock }),
    archiveSeconds({ storage, market: clock }, config.retentionDays),
    reportProgress(shared),
    reportParity({
      ...{ market: clock, events: stores.events, log },
      parity: () => parityReport(shared),
    }),
    summarizeDay(() => tellClosedSession(shared)),
    tellAuditHeadJob({ audit: stores.audit, dataDir: config.dataDir, machine: machineClock }),
  ])
  const onReign = (begun: number): void => {
    epoch = begun
  }
  const worlds = worldStore(fencedPool(pool, fence))
  return { ...shared, gateway, schedule, metrics, worlds, fence, onReign, running }
}

/** After an outage the newest seconds first, then the newest hole; in a process that has just begun to lead, neither. */
async function catchUp(schedule: Schedule, log: Log): Promise<void> {
  try {
    await schedule.run('collect-bars')
    await schedule.run('heal-bars')
  } catch (error) {
    log.debug({ error: messageOf(error) }, 'left to the next ticks')
  }
}

interface ServiceParts {
  readonly config: Config
  readonly version: string
  readonly log: Log
  readonly undo: Undo[]
  readonly seams: Seams
  readonly market: MarketTime
  readonly work: Work
  readonly latch: KillLatch
  readonly bell: EventBell
  readonly webhooks: ReturnType<typeof openWebhooks>
  readonly url: string
}

/** The API, on a pool of its own: a slow query of a client must not delay a tick. */
async function serve(parts: ServiceParts & { readonly token: StoredToken }): Promise<string> {
  const { config, version, log, undo, token, market, work, latch, url } = parts
  const pool = openPool({ url, purpose: 'api', log })
  undo.push(() => pool.end())
  const storage = openStorage(pool)
  const { gateway, marketData } = work
  const stores = openStores(pool, edges)
  const tokens = new Tokens({ store: stores.tokens, machine: machineClock, randomBytes, log })
  await adoptStored(tokens, token, log)
  const eventStreams = new Broadcast({ events: stores.events, bell: parts.bell, machine: machineClock, log })
  const app = createApp({
    stores,
    tokens,
    rates: isLoopback(config.host) ? ON_LOOPBACK : ELSEWHERE,
    market: market.clock,
    machine: machineClock,
    pacing: work.pacing,
    gateway: {
      simulated: market.simulated,
      status: () => gateway.status(),
      qualify: (symbol) => marketData.qualify(symbol),
    },
    backfills: backfills({
      stores,
      market: market.clock,
      session: config.collectSession,
      pacing: work.pacing,
    }),
    backtests: research(market, url, log, undo),
    trading: tradingDesk({
      ...{ stores, market: market.clock, machine: machineClock, running: work.running, latch },
      ...{ marketData, pacing: work.pacing },
      accounts: accountsOf(config),
    }),
    jobs: work.schedule,
    metrics: work.metrics,
    eventStreams,
    webhooks: parts.webhooks.endpoints(stores),
    imports: barImports({
      stores: importStores(config, url, log, undo),
      storage,
      market: market.clock,
    }),
    storage,
    retentionDays: config.retentionDays,
    readiness: () => readiness(pool, work, accountsOf(config) !== null),
    collectSession: config.collectSession,
    access: {
      openReads: isLoopback(config.host),
      hosts: hostsOf(config.host, config.allowedHosts),
    },
    version,
    log,
  })
  const server = await listen({ app, host: config.host, port: config.port, log })
  undo.push(() => server.close())
  undo.push(async () => eventStreams.close()) // before the server, so that streams end and are not cut
  return server.address
}

/** The token of the file has every scope, until somebody revokes it. */
async function adoptStored(tokens: Tokens, { token, path }: StoredToken, log: Log): Promise<void> {
  if (await tokens.adopt(token, 'DATA_DIR/token')) return
  log.warn(
    { path },
    'the token in this file has been revoked: remove the file, and the next start makes another',
  )
}

/** On a connection of its own, and without the fence: any process may take a file. */
function importStores({ badPrints }: Config, url: string, log: Log, undo: Undo[]): Stores {
  const pool = openPool({ url, purpose: 'imports', log })
  undo.push(() => pool.end())
  return openStores(pool, { ...edges, badPrints })
}

/** On threads and connections of its own, and without the fence: any process may run a backtest. */
function research({ clock }: MarketTime, url: string, log: Log, undo: Undo[]): Backtests {
  const pool = openPool({ url, purpose: 'research', log })
  undo.push(() => pool.end())
  const threads = openThreadPool(new URL('./sweep/worker.js', import.meta.url))
  undo.push(() => threads.close())
  const stores = openStores(pool, edges)
  const backtests = openBacktests({ stores, threads, market: clock, machine: machineClock, log })
  undo.push(() => backtests.stop())
  return backtests
}

/** Whose money may be traded; null for nobody's. */
const accountsOf = ({ trading }: Config): AccountPolicy | null => (trading.kind === 'off' ? null : trading)

/** What is missing, a sentence each. That a person has halted the trader is no lack. */
async function readiness(
  pool: Pool,
  { gateway, alerts, running }: Work,
  isTrading: boolean,
): Promise<string[]> {
  const reasons: string[] = []
  await pool.query('select').catch(() => reasons.push('the database does not answer'))
  const { state, reason } = gateway.status()
  if (state !== 'ready' && state !== 'standby')
    reasons.push(`the gateway is ${state}${reason ? `: ${reason}` : ''}`)
  if (isTrading && state === 'ready' && running.standing?.isReconciled !== true)
    reasons.push("the broker's books were not found equal to ours yet")
  const alerted = alerts.standing().filter(({ name }) => name !== 'trader.halted')
  return [...reasons, ...alerted.map(({ name, detail }) => `${name}: ${detail}`)]
}

function startLeading(parts: ServiceParts & { readonly settings: TraderSettings }): void {
  const { config, log, undo, market, work, url } = parts
  const stopping = new AbortController()
  const stores = tradingStores(parts)
  const halting = watchKillSwitch(
    { ...parts, stores, market: market.clock, machine: machineClock, dataDir: config.dataDir },
    stopping.signal,
  )
  const leading = lead(
    {
      ...work,
      gateway: leadingGateway(market, work),
      trade: tradeOf(parts, stores),
      lease: openLease({ url, clock: machineClock, holder: HOLDER }),
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
    return Promise.all([leading, halting])
  })
}

/** A broker of our own has the books of the process that led before, ere anybody talks to it. */
const leadingGateway = (market: MarketTime, { gateway, worlds }: Work): LeadingDeps['gateway'] => ({
  get isReady() {
    return gateway.isReady
  },
  async run(signal) {
    await market.takeOver(worlds)
    await gateway.run(signal)
  },
})
async function webhooksOf(config: Config, version: string, market: MarketTime, log: Log) {
  return openWebhooks({
    key: await webhookKey(config.dataDir),
    allowed: config.webhookAllow,
    ...{ version, log, randomBytes },
    market: market.clock,
    machine: machineClock,
    random: Math.random,
  })
}

/** On connections of its own, whoever leads: what strangers answer holds nothing up. */
function startDelivering({ url, log, undo, bell, webhooks }: ServiceParts): void {
  const pool = openPool({ url, purpose: 'deliveries', log })
  undo.push(() => pool.end())
  const stopping = new AbortController()
  const delivering = webhooks.deliver(
    {
      stores: openStores(pool, edges),
      bell,
      lease: openLease({ url, clock: machineClock, holder: HOLDER, name: 'webhooks' }),
      runner: openQueueRunner({ url, log, clock: machineClock, purpose: 'webhooks', concurrency: 8 }),
    },
    stopping.signal,
  )
  undo.push(() => {
    stopping.abort(new Error('the service is stopping'))
    return delivering
  })
}

/** On connections of its own, so that nothing else delays an order; fenced, as everything that a leader writes. */
function tradingStores({ config, url, log, undo, seams, work }: ServiceParts): Stores {
  const pool = openPool({ url, purpose: 'trading', log })
  undo.push(() => pool.end())
  const stores = openStores(pool, { ...edges, fence: work.fence, badPrints: config.badPrints })
  return seams.stores?.(stores) ?? stores
}

/** Nothing is traded where TRADING is off. */
function tradeOf(parts: ServiceParts & { readonly settings: TraderSettings }, stores: Stores): Trade {
  const { config, version, work, latch, market, seams, settings, log } = parts
  const accounts = accountsOf(config)
  if (accounts === null) return async () => {}
  return openTrading({
    ...{ ...work, stores, accounts, latch, seams, log },
    clientId: config.tws.clientId,
    first: { level: 'off', settings },
    build: version,
    market: market.clock,
    machine: machineClock,
    random: Math.random,
  })
}
