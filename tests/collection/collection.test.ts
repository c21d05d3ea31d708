import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { backfillSessions, requestBackfill } from '../../src/collection/backfill.ts'
import { collect } from '../../src/collection/collect.ts'
import { fetchChunk } from '../../src/collection/fetchChunk.ts'
import { refused, unavailable } from '../../src/errors.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { BarSeries } from '../../src/market/series.ts'
import { type EpochMs, epochMs, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import type { Backfill } from '../../src/ports/backfills.ts'
import type { HistoricalAnswer, HistoricalRequest, MarketData } from '../../src/ports/marketData.ts'
import type { Pacing } from '../../src/ports/pacing.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type ManualClock, manualClock } from '../support/manualClock.ts'
import { silentLog } from '../support/simulator.ts'

const NOW = parseInstant('2024-06-03T15:00:00Z')
const OPEN = parseInstant('2024-06-03T13:30:00Z')
const SPY = {
  symbol: 'SPY',
  conId: 756733,
  exchange: 'SMART',
  primaryExchange: 'ARCA',
  currency: 'USD',
  minTick: 0.01,
  priceScale: 10_000,
}
const signal = new AbortController().signal

let database: TestDatabase
let spy: Instrument
let market: ManualClock
let answers: (HistoricalAnswer | Error)[] = []
let asked: HistoricalRequest[] = []

beforeAll(async () => {
  database = await testDatabase()
  spy = await database.stores.instruments.save(SPY)
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate chunks, backfills, coverage, second_bars, rollups cascade')
  market = manualClock(NOW)
  answers = []
  asked = []
})

/** A broker that gives the answers of the test in their order. */
const marketData: MarketData = {
  qualify: () => Promise.reject(refused('not asked here')),
  schedule: () => Promise.reject(refused('not asked here')),
  historicalBars: async (request) => {
    asked.push(request)
    const answer = answers.shift() ?? { kind: 'empty' }
    if (answer instanceof Error) throw answer
    return answer
  },
}

const pacing: Pacing = {
  reserve: async () => ({
    granted: true,
    slot: { at: market.now(), sendBefore: plus(market.now(), SECOND_MS) },
  }),
  usage: () => Promise.reject(refused('not asked here')),
  penalize: async () => {},
}

const bar = (time: EpochMs) => ({
  time,
  open: 500,
  high: 501,
  low: 499,
  close: 500.5,
  volume: 100,
  vwap: 500.1,
  tradeCount: 3,
})
const barsAt = (...times: EpochMs[]): HistoricalAnswer => ({
  kind: 'bars',
  bars: BarSeries.of(times.map(bar)),
  rejected: [],
})

const deps = () => ({
  stores: database.stores,
  marketData,
  pacing,
  market,
  log: silentLog,
  session: 'rth' as const,
})
const halfHour = () =>
  requestBackfill(deps(), { instrument: spy, from: OPEN, to: plus(OPEN, 1_800_000), session: 'rth' })

/** Runs the one waiting chunk as the queue would; its place in the budget is `ageMs` old. */
async function runChunk(ageMs = 0, isReady = true): Promise<void> {
  const chunk = (await database.stores.backfills.nextWaiting(market.now()))!
  await database.stores.backfills.markQueued(chunk.id)
  const at = market.now() - ageMs
  const payload = { chunkId: chunk.id, at, sendBefore: at + SECOND_MS }
  await fetchChunk({ ...deps(), isReady: () => isReady })(payload, signal)
}

const reread = async (it: Backfill): Promise<Backfill> => (await database.stores.backfills.find(it.id))!
const coverage = () => database.stores.coverage.between(spy, '1s', { from: OPEN, to: plus(OPEN, 1_800_000) })

test('a chunk with bars is stored and covered in one go', async () => {
  const backfill = await halfHour()
  answers = [barsAt(OPEN, plus(OPEN, 5_000))]
  await runChunk()
  expect(await reread(backfill)).toMatchObject({ state: 'done', chunks: { total: 1, done: 1 } })
  expect(await coverage()).toEqual([{ from: OPEN, to: plus(OPEN, 1_800_000), state: 'done' }])
})

test('"no data" is believed when it is said twice, a minute apart', async () => {
  const backfill = await halfHour()
  await runChunk()
  expect(await coverage()).toEqual([])
  expect(await database.stores.backfills.nextWaiting(plus(NOW, 59_000))).toBeNull()
  await market.advance(60_000)
  await runChunk()
  expect(await reread(backfill)).toMatchObject({ state: 'done', chunks: { empty: 1 } })
  expect(await coverage()).toMatchObject([{ state: 'empty' }])
})

test('three failures make a chunk failed, and the ledger says so', async () => {
  const backfill = await halfHour()
  for (let attempt = 0; attempt < 3; attempt++) {
    answers = [unavailable('TWS did not answer in time')]
    await runChunk()
    await market.advance(120_000)
  }
  expect(await reread(backfill)).toMatchObject({ state: 'failed', chunks: { failed: 1 } })
  expect(await coverage()).toMatchObject([{ state: 'failed' }])
})

test('a refusal is final at once', async () => {
  const backfill = await halfHour()
  answers = [refused('no market data permissions')]
  await runChunk()
  expect(await reread(backfill)).toMatchObject({ state: 'failed' })
})

test('a place in the budget that has passed sends nothing and costs no attempt', async () => {
  await halfHour()
  await runChunk(5_000)
  expect(asked).toEqual([])
  expect(await database.stores.backfills.nextWaiting(market.now())).toMatchObject({ attempts: 0 })
})

test('a connection lost under way costs no attempt', async () => {
  await halfHour()
  answers = [unavailable('the connection to TWS ended')]
  await runChunk(0, false)
  expect(await database.stores.backfills.nextWaiting(market.now())).toMatchObject({ attempts: 0 })
})

test('what waits already is not planned twice, and what is covered not at all', async () => {
  const first = await backfillSessions(deps(), spy, 1)
  expect(first!.chunks.total).toBe(13 + 3)
  expect(await backfillSessions(deps(), spy, 1)).toBeNull()
  await market.advance(600_000)
  const second = await backfillSessions(deps(), spy, 1)
  // Ten seconds of one half hour, and ten minutes less ten seconds of the next.
  expect(second!.chunks.total).toBe(2)
})

test('the newest seconds are asked for first', async () => {
  await backfillSessions(deps(), spy, 1)
  const chunk = await database.stores.backfills.nextWaiting(market.now())
  expect(chunk).toMatchObject({ to: plus(NOW, -10_000) })
})

test('a tick asks from before the last covered second to some seconds ago', async () => {
  answers = [barsAt(plus(NOW, -60_000)), barsAt(plus(NOW, -10_000))]
  expect(await collect(deps(), spy, signal)).toBe('1 new, 0 revised')
  await market.advance(15_000)
  expect(await collect(deps(), spy, signal)).toBe('1 new, 0 revised')
  expect(asked.map(({ from, to }) => [from - NOW, to - NOW])).toEqual([
    [-125_000, -5_000],
    [-35_000, 10_000],
  ])
})

test('a tick outside the session asks for nothing', async () => {
  market = manualClock(epochMs(parseInstant('2024-06-03T13:30:04Z')))
  expect(await collect(deps(), spy, signal)).toBe('nothing new yet')
  market = manualClock(epochMs(parseInstant('2024-06-02T15:00:00Z')))
  expect(await collect(deps(), spy, signal)).toBe('the market is closed')
  expect(asked).toEqual([])
})

test('after the close the last seconds are still fetched, once', async () => {
  market = manualClock(parseInstant('2024-06-03T20:00:20Z'))
  answers = [barsAt(parseInstant('2024-06-03T19:59:59Z'))]
  expect(await collect(deps(), spy, signal)).toBe('1 new, 0 revised')
  expect(await collect(deps(), spy, signal)).toBe('nothing new yet')
  expect(asked).toHaveLength(1)
})
