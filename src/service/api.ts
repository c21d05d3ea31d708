import { randomBytes } from 'node:crypto'
import { openPool } from '../../db/connect.ts'
import { openStorage } from '../../db/storage.ts'
import { openStores } from '../../db/stores.ts'
import { hostsOf, isLoopback } from '../../routes/access.ts'
import { createApp } from '../../routes/app.ts'
import { listen } from '../../routes/serve.ts'
import { ELSEWHERE, ON_LOOPBACK } from '../access/rates.ts'
import { Tokens } from '../access/tokens.ts'
import { machineClock } from '../clock/machine.ts'
import { backfills } from '../collection/backfill.ts'
import type { Config } from '../config.ts'
import { Broadcast } from '../events/broadcast.ts'
import { barImports } from '../imports/importBars.ts'
import type { Log } from '../log.ts'
import type { MarketTime } from '../marketTime.ts'
import type { Backtests } from '../ports/backtests.ts'
import type { Stores } from '../ports/stores.ts'
import { openBacktests } from '../research/backtests.ts'
import { openThreadPool } from '../sweep/pool.ts'
import type { StoredToken } from '../token.ts'
import { tradingDesk } from '../trading/desk.ts'
import { accountsOf, edges, type Pool, type ServiceParts, type Undo } from './parts.ts'
import type { Work } from './work.ts'

/** The API, on a pool of its own: a slow query of a client must not delay a tick. */
export async function serve(parts: ServiceParts & { readonly token: StoredToken }): Promise<string> {
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
  const threads = openThreadPool(new URL('../sweep/worker.js', import.meta.url))
  undo.push(() => threads.close())
  const stores = openStores(pool, edges)
  const backtests = openBacktests({ stores, threads, market: clock, machine: machineClock, log })
  undo.push(() => backtests.stop())
  return backtests
}

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
