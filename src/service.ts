import { resolve } from 'node:path'
import { databaseClock } from '../db/clock.ts'
import { checkServer, openPool } from '../db/connect.ts'
import { startCluster } from '../db/embedded/cluster.ts'
import { openEventBell } from '../db/eventBell.ts'
import { migrate } from '../db/migrate.ts'
import { openStores } from '../db/stores.ts'
import { worldStore } from '../db/world.ts'
import { machineClock } from './clock/machine.ts'
import type { Config } from './config.ts'
import { invalid } from './errors.ts'
import type { Log } from './log.ts'
import { type MarketTime, openMarketTime } from './marketTime.ts'
import type { Trader } from './ports/traders.ts'
import type { Seams } from './seams.ts'
import { serve } from './service/api.ts'
import { startDelivering, webhooksOf } from './service/deliveries.ts'
import { startLeading } from './service/leader.ts'
import { edges, type Pool, type Undo } from './service/parts.ts'
import { assemble } from './service/work.ts'
import { storedToken } from './token.ts'
import { readTraderConfig } from './traderConfig.ts'
import { KillLatch } from './trading/killLatch.ts'
import type { SettingsChange } from './trading/settings.ts'
import { settleTrader } from './trading/settle.ts'

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
