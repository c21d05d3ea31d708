import { randomBytes } from 'node:crypto'
import { createAdaptorServer } from '@hono/node-server'
import request from 'supertest'
import { afterAll } from 'vitest'
import { openStorage } from '../../db/storage.ts'
import { createApp } from '../../routes/app.ts'
import type { AppDeps } from '../../routes/deps.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { backfills } from '../../src/collection/backfill.ts'
import { conflict, missing } from '../../src/errors.ts'
import { Broadcast } from '../../src/events/broadcast.ts'
import { barImports } from '../../src/imports/importBars.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import type { BarSeries } from '../../src/market/series.ts'
import type { TimeRange } from '../../src/market/time.ts'
import type { Jobs } from '../../src/ports/jobs.ts'
import type { QualifiedInstrument } from '../../src/ports/marketData.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { openBacktests } from '../../src/research/backtests.ts'
import { openThreadPool } from '../../src/sweep/pool.ts'
import { tradingDesk } from '../../src/trading/desk.ts'
import { KillLatch } from '../../src/trading/killLatch.ts'
import { RunningTrader } from '../../src/trading/runningTrader.ts'
import { settleTrader } from '../../src/trading/settle.ts'
import { Endpoints } from '../../src/webhook/endpoints.ts'
import { openVault } from '../../src/webhook/vault.ts'
import { depsOf, TOKEN, tokensOf } from '../openapi/memory.ts'
import { spy } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'
import { WORKER } from '../support/threads.ts'
import { noBars } from '../support/trading.ts'

/** A broker that knows five symbols. */
async function qualify(symbol: string): Promise<QualifiedInstrument> {
  const known = ['SPY', 'IBM', 'AAPL', 'MSFT', 'QQQ'].indexOf(symbol)
  if (known < 0) throw missing(`the broker knows no ${symbol}`)
  return { ...spy, symbol, conId: spy.conId + known }
}

const job = {
  name: 'collect-bars',
  pattern: '*/15 * * * * *',
  lastRun: null,
  nextRun: null,
  lastResult: null,
  detail: null,
}

const jobs: Jobs = {
  list: async () => [job],
  run: async (name) => {
    if (name === 'busy') throw conflict('the job "busy" is running')
    if (name !== job.name) throw missing(`there is no job "${name}"`)
    return { ...job, lastResult: 'done' }
  },
}

/** A budget that is all a backlog's. */
export const PACING = { share: async () => ({ requests: 58, windowMs: 605_000 }) }

/** The app on a database of its own, with the market's clock at 2013-10-09T14:00:00Z. */
export async function served(changed: (deps: AppDeps) => Partial<AppDeps> = () => ({})) {
  const database = await testDatabase()
  afterAll(database.drop)
  const { stores } = database
  const { gateway, market, ...rest } = depsOf({
    stores,
    jobs,
    access: { openReads: true, hosts: ['127.0.0.1', 'localhost'] },
  })
  const base = { ...rest, market, machine: machineClock, gateway: { ...gateway, qualify } }
  const storage = openStorage(database.pool)
  await settleTrader({ stores, market }, { mode: 'paper', isSimulated: true, symbols: ['SPY'], stated: {} })
  const tokens = tokensOf(stores.tokens, machineClock)
  await tokens.adopt(TOKEN, 'tests')
  const threads = openThreadPool(WORKER)
  const backtests = openBacktests({ stores, threads, market, machine: machineClock, log: rest.log })
  afterAll(async () => {
    await backtests.stop()
    await threads.close()
  })
  const bell = { listen: () => () => {} }
  const eventStreams = new Broadcast({ events: stores.events, bell, machine: machineClock, log: rest.log })
  afterAll(() => eventStreams.close())
  const webhooks = new Endpoints({
    ...{ stores, market, machine: machineClock, randomBytes },
    vault: openVault(randomBytes(32), randomBytes),
    resolve: async () => ['93.184.215.14'],
    allowed: { http: true, ranges: ['127.0.0.0/8'], ports: [] },
  })
  const deps = {
    ...base,
    backtests,
    eventStreams,
    webhooks,
    backfills: backfills({ stores, market, session: 'rth', pacing: PACING }),
    imports: barImports({ stores, storage, market }),
    storage,
    tokens,
    trading: tradingDesk({
      ...noBars,
      stores,
      market,
      machine: machineClock,
      accounts: { kind: 'paper' },
      running: new RunningTrader(),
      latch: new KillLatch(),
    }),
  }
  const app = createApp({ ...deps, ...changed(deps) })
  const { url, pool } = database
  return { app, stores, deps, url, pool, ask: request(createAdaptorServer({ fetch: app.fetch })) }
}

/** What a change needs. */
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` }

/** SPY, with bars and the ledger's word that the broker was asked for them. */
export async function withBars(
  stores: Stores,
  seconds: BarSeries,
  covered: readonly TimeRange[],
): Promise<Instrument> {
  const instrument = await stores.instruments.save(spy)
  await stores.bars.load(instrument, '1s', seconds)
  for (const range of covered) await stores.coverage.mark(instrument, '1s', range, 'done')
  return instrument
}
