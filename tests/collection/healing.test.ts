import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { completeSessions } from '../../jobs/completeSessions.ts'
import { watchCollectionJob } from '../../jobs/watchCollection.ts'
import { openAlerts } from '../../src/alerts.ts'
import { completeSession, missingText } from '../../src/collection/completeSession.ts'
import { fetchChunk } from '../../src/collection/fetchChunk.ts'
import { heal, lookAgain } from '../../src/collection/heal.ts'
import { watchCollection } from '../../src/collection/stalled.ts'
import { unavailable } from '../../src/errors.ts'
import type { CoverageState } from '../../src/market/coverage.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { BarSeries } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { isoInstant, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import { bar, spy as SPY } from '../support/bars.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type ManualClock, manualClock } from '../support/manualClock.ts'
import { barsAt, type ScriptedBroker, scriptedBroker, withBad } from '../support/scriptedBroker.ts'
import { silentLog } from '../support/simulator.ts'

const SESSION = sessionOn('2024-06-03', 'rth')!
const NOON = parseInstant('2024-06-03T16:00:00Z')
const signal = new AbortController().signal

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
  market = manualClock(NOON)
  broker = scriptedBroker({ now: () => market.now() })
})

const deps = () => ({
  ...{ stores: database.stores, marketData: broker.marketData, pacing: broker.pacing },
  ...{ market, log: silentLog },
  session: 'rth' as const,
})
const cover = (from: string, to: string, state: CoverageState = 'done') =>
  database.stores.coverage.mark(
    spy,
    '1s',
    { from: parseInstant(`2024-06-03T${from}Z`), to: parseInstant(`2024-06-03T${to}Z`) },
    state,
  )
const waiting = async () =>
  (await database.stores.backfills.openRanges(spy)).map(({ from, to }) =>
    [from, to].map((at) => isoInstant(at).slice(11, 19)).join('-'),
  )

test('holes of the open session are planned once, without what the collector reaches itself', async () => {
  await cover('13:30:00', '14:10:00')
  await cover('14:20:00', '15:58:30')
  expect(await heal(deps(), spy)).toBe('1 chunks planned')
  expect(await waiting()).toEqual(['14:10:00-14:20:00'])
  expect(await heal(deps(), spy)).toBe('nothing is missing')
})

test('what has failed or is confirmed empty is not asked for again within the session', async () => {
  await cover('13:30:00', '14:00:00')
  await cover('14:00:00', '14:05:00', 'failed')
  await cover('14:05:00', '14:10:00', 'empty')
  await cover('14:10:00', '16:00:00')
  expect(await heal(deps(), spy)).toBe('nothing is missing')
})

test('a closed market has nothing to heal', async () => {
  market = manualClock(parseInstant('2024-06-03T21:00:00Z'))
  expect(await heal(deps(), spy)).toBe('nothing is missing')
  expect(await lookAgain(deps(), spy, signal)).toBe('the market is closed')
  expect(broker.asked).toEqual([])
})

test('a second look replaces what was revised and adds what came late, in the lane of repairs', async () => {
  const time = parseInstant('2024-06-03T15:50:00Z')
  await database.stores.bars.upsert(spy, '1s', barsAt(time).bars)
  broker.answers = () => ({ ...barsAt(), bars: BarSeries.of([bar(0, { time, close: 178.05 })]) })
  expect(await lookAgain(deps(), spy, signal)).toBe('0 late, 1 revised')
  expect(await lookAgain(deps(), spy, signal)).toBe('0 late, 0 revised')
  broker.answers = () => barsAt(plus(time, SECOND_MS))
  expect(await lookAgain(deps(), spy, signal)).toBe('1 late, 0 revised')
  expect(broker.asked[0]).toMatchObject({
    from: parseInstant('2024-06-03T15:48:00Z'),
    to: parseInstant('2024-06-03T15:58:00Z'),
  })
  expect(broker.lanes[0]).toBe('repair')
})

test('the last look reads every half hour of the session and makes it whole', async () => {
  market = manualClock(plus(SESSION.to, 300_000))
  broker.answers = ({ from }) => barsAt(from)
  expect(await completeSession(deps(), spy, SESSION, signal)).toEqual({ gaps: [], revised: 13 })
  expect(broker.asked).toHaveLength(13)
  expect(new Set(broker.lanes)).toEqual(new Set(['repair']))
})

test('the last look says what is missing', async () => {
  market = manualClock(plus(SESSION.to, 300_000))
  const lost = parseInstant('2024-06-03T14:00:00Z')
  broker.answers = ({ from }) => {
    if (from === lost) throw unavailable('TWS did not answer in time')
    return barsAt(from)
  }
  const { gaps } = await completeSession(deps(), spy, SESSION, signal)
  expect(gaps).toEqual([{ from: lost, to: plus(lost, 1_800_000), state: 'missing' }])
  expect(missingText(spy, SESSION, gaps)).toBe(
    'SPY 2024-06-03: 1800 s are missing, from 2024-06-03T14:00:00Z on',
  )
})

test('the last look says which seconds had impossible values, and raises no alert for them', async () => {
  market = manualClock(plus(SESSION.to, 300_000))
  const bad = plus(SESSION.from, 5_000)
  broker.answers = ({ from }) => (from === SESSION.from ? withBad(barsAt(from), bad) : barsAt(from))
  const alerts = openAlerts({ market, log: silentLog })
  const job = completeSessions({ ...deps(), alerts, tracked: async () => [spy] })
  expect(await job.run(signal)).toBe(
    'SPY: SPY 2024-06-03: 1 s had impossible values, from 2024-06-03T13:30:05Z on',
  )
  expect(alerts.standing()).toEqual([])
})

test('what the live lane has left partial is planned, and after two answers no more', async () => {
  await cover('13:30:00', '15:00:00')
  await cover('15:00:00', '15:00:02', 'partial')
  await cover('15:00:02', '16:00:00')
  expect(await heal(deps(), spy)).toBe('1 chunks planned')
  expect(await waiting()).toEqual(['15:00:00-15:00:02'])
  const chunk = (await database.stores.backfills.nextWaiting(market.now()))!
  broker.answers = ({ from }) => withBad(barsAt(plus(from, SECOND_MS)), from)
  await fetchChunk({ ...deps(), isReady: () => true })(
    { chunkId: chunk.id, at: NOON, sendBefore: NOON },
    signal,
  )
  const known = await database.stores.coverage.between(spy, '1s', chunk)
  expect(known.map(({ state }) => state)).toEqual(['partial', 'done'])
  expect(await heal(deps(), spy)).toBe('nothing is missing')
})

const STALLS: { title: string; now: string; covered: [string, string] | null; stalled: boolean }[] = [
  {
    title: 'a second covered a minute ago is no stall',
    now: '16:00:00',
    covered: ['15:58:00', '15:59:00'],
    stalled: false,
  },
  {
    title: 'nothing for 90 s is a stall',
    now: '16:00:00',
    covered: ['15:00:00', '15:58:29'],
    stalled: true,
  },
  { title: 'nothing since the open 90 s ago is a stall', now: '13:31:30', covered: null, stalled: true },
  { title: 'a session that has just opened has time', now: '13:31:00', covered: null, stalled: false },
  { title: 'a closed market never stalls', now: '21:00:00', covered: null, stalled: false },
]
for (const { title, now, covered, stalled } of STALLS) {
  test(title, async () => {
    market = manualClock(parseInstant(`2024-06-03T${now}Z`))
    if (covered !== null) await cover(...covered)
    const alerts = openAlerts({ market, log: silentLog })
    const told = await watchCollection({ ...deps(), alerts, tracked: async () => [spy] })
    expect(told).toMatch(stalled ? /^stalled: no bars of SPY since/ : 'nothing is stalled')
    expect(alerts.standing().map(({ name }) => name)).toEqual(stalled ? ['collection.stalled'] : [])
    await watchCollection({ ...deps(), alerts, tracked: async () => [spy] })
    const events = await database.stores.events.after(0, 9)
    expect(events.map(({ type }) => type)).toEqual(stalled ? ['collection.stalled'] : [])
  })
}

test('a process that has just begun has time, and tells of what it finds then', async () => {
  const alerts = openAlerts({ market, log: silentLog })
  const job = watchCollectionJob({ ...deps(), alerts, tracked: async () => [spy] })
  expect(await job.run(signal)).toBe('nothing is stalled')
  await market.advance(89_000)
  expect(await job.run(signal)).toBe('nothing is stalled')
  await market.advance(1_000)
  expect(await job.run(signal)).toMatch(/^stalled: no bars of SPY/)
})

test('a stall that is over is taken back, with one line for each change', async () => {
  const lines: string[] = []
  const log = {
    ...silentLog,
    error: (_: object, line: string) => lines.push(line),
    warn: (_: object, line: string) => lines.push(line),
  }
  const alerts = openAlerts({ market, log })
  const watch = { ...deps(), alerts, tracked: async () => [spy] }
  await watchCollection(watch)
  await watchCollection(watch)
  await cover('15:58:00', '15:59:50')
  await watchCollection(watch)
  await watchCollection(watch)
  expect(lines).toEqual(['alert raised', 'alert cleared'])
  expect(alerts.standing()).toEqual([])
})
