import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { backfillSessions, backfills, requestBackfill } from '../../src/collection/backfill.ts'
import { collect } from '../../src/collection/collect.ts'
import { fetchChunk } from '../../src/collection/fetchChunk.ts'
import { refused, unavailable } from '../../src/errors.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { epochMs, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import type { Backfill } from '../../src/ports/backfills.ts'
import { spy as SPY } from '../support/bars.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type ManualClock, manualClock } from '../support/manualClock.ts'
import { barsAt, inTurn, type ScriptedBroker, scriptedBroker, withBad } from '../support/scriptedBroker.ts'
import { silentLog } from '../support/simulator.ts'

const NOW = parseInstant('2024-06-03T15:00:00Z')
const OPEN = parseInstant('2024-06-03T13:30:00Z')
const signal = new AbortController().signal
const PACING = { share: async () => ({ requests: 58, windowMs: 605_000 }) }

let database: TestDatabase
let spy: Instrument
let market: ManualClock
let broker: ScriptedBroker

beforeAll(async () => {
  database = await testDatabase()
  spy = await database.stores.instruments.save(SPY)
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('truncate chunks, backfills, coverage, second_bars, rollups, events cascade')
  market = manualClock(NOW)
  broker = scriptedBroker({ now: () => market.now() })
})

const deps = () => ({
  stores: database.stores,
  marketData: broker.marketData,
  pacing: broker.pacing,
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
const told = async () =>
  (await database.stores.events.after(0, 9)).map(({ type, data }) => [type, 'state' in data && data.state])
const coverage = () => database.stores.coverage.between(spy, '1s', { from: OPEN, to: plus(OPEN, 1_800_000) })

test('a chunk with bars is stored and covered in one go', async () => {
  const backfill = await halfHour()
  broker.answers = inTurn(barsAt(OPEN, plus(OPEN, 5_000)))
  await runChunk()
  expect(await reread(backfill)).toMatchObject({ state: 'done', chunks: { total: 1, done: 1 } })
  expect(await coverage()).toEqual([{ from: OPEN, to: plus(OPEN, 1_800_000), state: 'done' }])
  expect(await database.stores.events.after(0, 9)).toMatchObject([
    {
      type: 'backfill.finished',
      time: NOW,
      data: {
        id: backfill.id,
        symbol: 'SPY',
        from: '2024-06-03T13:30:00Z',
        to: '2024-06-03T14:00:00Z',
        state: 'done',
        chunks: { total: 1, done: 1, empty: 0, failed: 0 },
      },
    },
  ])
})

test('what came with impossible values is partial, asked for again a minute later, and done when it is mended', async () => {
  const backfill = await halfHour()
  const bad = plus(OPEN, 5_000)
  broker.answers = inTurn(withBad(barsAt(OPEN), bad), barsAt(OPEN, bad))
  await runChunk()
  expect(await coverage()).toEqual([
    { from: OPEN, to: bad, state: 'done' },
    { from: bad, to: plus(bad, SECOND_MS), state: 'partial' },
    { from: plus(bad, SECOND_MS), to: plus(OPEN, 1_800_000), state: 'done' },
  ])
  expect(await database.stores.backfills.nextWaiting(plus(NOW, 59_000))).toBeNull()
  await market.advance(60_000)
  await runChunk()
  expect(await reread(backfill)).toMatchObject({ state: 'done', chunks: { done: 1 } })
  expect(await coverage()).toEqual([{ from: OPEN, to: plus(OPEN, 1_800_000), state: 'done' }])
})

test('what comes with impossible values twice stays partial and is planned no more', async () => {
  const backfill = await halfHour()
  broker.answers = () => withBad(barsAt(OPEN), plus(OPEN, 5_000))
  await runChunk()
  await market.advance(60_000)
  await runChunk()
  expect(await reread(backfill)).toMatchObject({ state: 'done' })
  expect((await coverage()).map(({ state }) => state)).toEqual(['done', 'partial', 'done'])
  await backfillSessions(deps(), spy, 0)
  const waiting = await database.stores.backfills.openRanges(spy)
  expect(waiting[0]!.from).toBe(plus(OPEN, 1_800_000))
})

test('impossible values at the last of three attempts stay partial', async () => {
  const backfill = await halfHour()
  const failure = unavailable('TWS did not answer in time')
  broker.answers = inTurn(failure, failure, withBad(barsAt(OPEN), null))
  for (let attempt = 0; attempt < 3; attempt++) {
    await runChunk()
    await market.advance(120_000)
  }
  expect(await reread(backfill)).toMatchObject({ state: 'done' })
  expect(await coverage()).toEqual([{ from: OPEN, to: plus(OPEN, 1_800_000), state: 'partial' }])
})

test('"no data" is believed when it is said twice, a minute apart', async () => {
  const backfill = await halfHour()
  await runChunk()
  expect(await coverage()).toEqual([])
  expect(await database.stores.backfills.nextWaiting(plus(NOW, 59_000))).toBeNull()
  await market.advance(60_000)
  expect(await told()).toEqual([])
  await runChunk()
  expect(await told()).toEqual([['backfill.finished', 'done']])
  expect(await reread(backfill)).toMatchObject({ state: 'done', chunks: { empty: 1 } })
  expect(await coverage()).toMatchObject([{ state: 'empty' }])
})

test('three failures make a chunk failed, and the ledger says so', async () => {
  const backfill = await halfHour()
  for (let attempt = 0; attempt < 3; attempt++) {
    broker.answers = inTurn(unavailable('TWS did not answer in time'))
    await runChunk()
    await market.advance(120_000)
  }
  expect(await reread(backfill)).toMatchObject({ state: 'failed', chunks: { failed: 1 } })
  expect(await coverage()).toMatchObject([{ state: 'failed' }])
  expect(await told()).toEqual([['backfill.finished', 'failed']])
})

test('a backfill that lacks nothing is finished at its birth, and tells it', async () => {
  await database.stores.coverage.mark(spy, '1s', { from: OPEN, to: plus(OPEN, 1_800_000) }, 'done')
  expect(await halfHour()).toMatchObject({ state: 'done' })
  expect(await told()).toEqual([['backfill.finished', 'done']])
})

test('a backfill that is cancelled tells it once', async () => {
  const { id } = await halfHour()
  const { cancel } = backfills({ ...deps(), pacing: PACING })
  expect(await cancel(id)).toMatchObject({ state: 'cancelled' })
  expect(await cancel(id)).toMatchObject({ state: 'cancelled' })
  expect(await cancel('none')).toBeNull()
  expect(await told()).toEqual([['backfill.finished', 'cancelled']])
})

test('a refusal is final at once', async () => {
  const backfill = await halfHour()
  broker.answers = inTurn(refused('no market data permissions'))
  await runChunk()
  expect(await reread(backfill)).toMatchObject({ state: 'failed' })
})

test('a place in the budget that has passed sends nothing and costs no attempt', async () => {
  await halfHour()
  await runChunk(5_000)
  expect(broker.asked).toEqual([])
  expect(await database.stores.backfills.nextWaiting(market.now())).toMatchObject({ attempts: 0 })
})

test('a connection lost under way costs no attempt', async () => {
  await halfHour()
  broker.answers = inTurn(unavailable('the connection to TWS ended'))
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
  broker.answers = inTurn(barsAt(plus(NOW, -60_000)), barsAt(plus(NOW, -10_000)))
  expect(await collect(deps(), spy, signal)).toBe('1 new, 0 revised')
  await market.advance(15_000)
  expect(await collect(deps(), spy, signal)).toBe('1 new, 0 revised')
  expect(broker.asked.map(({ from, to }) => [from - NOW, to - NOW])).toEqual([
    [-125_000, -5_000],
    [-35_000, 10_000],
  ])
})

test('a tick outside the session asks for nothing', async () => {
  market = manualClock(epochMs(parseInstant('2024-06-03T13:30:04Z')))
  expect(await collect(deps(), spy, signal)).toBe('nothing new yet')
  market = manualClock(epochMs(parseInstant('2024-06-02T15:00:00Z')))
  expect(await collect(deps(), spy, signal)).toBe('the market is closed')
  expect(broker.asked).toEqual([])
})

test('after the close the last seconds are still fetched, once', async () => {
  market = manualClock(parseInstant('2024-06-03T20:00:20Z'))
  broker.answers = inTurn(barsAt(parseInstant('2024-06-03T19:59:59Z')))
  expect(await collect(deps(), spy, signal)).toBe('1 new, 0 revised')
  expect(await collect(deps(), spy, signal)).toBe('nothing new yet')
  expect(broker.asked).toHaveLength(1)
})
