import { expect, test } from 'vitest'
import { BarSeries } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { type EpochMs, isoInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import { bar } from '../support/bars.ts'
import { AUTHORIZED, served, withBars } from './served.ts'

const { ask, stores } = await served()
const { from } = sessionOn('2013-10-08', 'rth')!
const at = (i: number): EpochMs => plus(from, i * SECOND_MS)
const seconds = Array.from({ length: 1_200 }, (_, i) => ({ ...bar(0), time: at(i) }))
const LEAP = 400
const spy = await withBars(stores, BarSeries.of(seconds.with(LEAP, { ...seconds[LEAP]!, high: 182 })), [])
const bad = {
  time: at(7),
  reason: 'high < low',
  sample: `{"time":"${isoInstant(at(7))}","high":"NaN","volume":5}`,
}
const told = { source: 'live', at: at(1_300) } as const
await stores.bars.upsert(spy, '1s', BarSeries.of([{ ...seconds[5]!, volume: 7 }]), {
  ...told,
  rejected: [bad],
})

const list = async (query = '') => (await ask.get(`/v1/quarantine?symbol=SPY${query}`)).body
const printed = async () => (await list('&kind=badPrint')).items[0]

test('a bad print is listed with the candles and levels that excluding it would change', async () => {
  const item = await printed()
  expect(item).toMatchObject({
    ...{ symbol: 'SPY', size: '1s', time: isoInstant(at(LEAP)), kind: 'badPrint', state: 'flagged' },
    ...{
      decidedBy: 'policy',
      bar: { time: isoInstant(at(LEAP)), high: 182, volume: 100 },
      source: 'unknown',
    },
    exclusion: { session: 'rth', levels: [] },
  })
  expect(item.reason).toContain('2.13 %')
  expect(item.exclusion.candles.map((candle: { size: string }) => candle.size)).toEqual(['1m', '5m', '15m'])
  const [, five] = item.exclusion.candles
  expect(five).toMatchObject({
    time: isoInstant(at(300)),
    with: { high: 182, volume: 30_000 },
    without: { high: 178.2, volume: 29_900 },
  })
})

test('a row that cannot be a bar is listed as it was delivered', async () => {
  const { items } = await list('&state=rejected')
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    ...{ kind: 'badValue', time: isoInstant(at(7)), reason: 'high < low', source: 'live', exclusion: null },
    bar: { high: 'NaN', volume: 5, open: null },
    marketTime: isoInstant(at(1_300)),
  })
})

test('excluding does what was shown, and releasing takes it back', async () => {
  const { id, exclusion } = await printed()
  const candle = async () => {
    const range = `from=${isoInstant(at(300))}&to=${isoInstant(at(600))}`
    const { body } = await ask.get(`/v1/candles?symbol=SPY&size=5m&${range}`)
    return body.items[0]
  }
  const decide = (decision: string) => ask.post(`/v1/quarantine/${id}/${decision}`).set(AUTHORIZED)
  const before = await candle()
  expect(before).toMatchObject({ ...exclusion.candles[1].with, suspect: true })
  const excluded = await decide('exclude')
  expect([excluded.status, excluded.body.state, excluded.body.decidedBy]).toEqual([200, 'excluded', 'person'])
  expect(excluded.body.exclusion).toEqual(exclusion)
  expect(await candle()).toMatchObject({ ...exclusion.candles[1].without, suspect: false })
  const bars = await ask.get(`/v1/bars?symbol=SPY&from=${isoInstant(at(LEAP))}&limit=1`)
  expect(bars.body.items[0].high).toBe(182)
  expect((await decide('exclude')).body).toEqual(excluded.body)
  expect((await decide('release')).body).toMatchObject({ state: 'released' })
  expect(await candle()).toEqual(before)
})

test('what is unknown is 404, what is no bar is 409, and deciding needs the token', async () => {
  const post = (id: string) => ask.post(`/v1/quarantine/${id}/release`)
  expect((await post('nothing').set(AUTHORIZED)).status).toBe(404)
  const { items } = await list('&kind=badValue')
  expect((await post(items[0].id).set(AUTHORIZED)).status).toBe(409)
  expect((await post(items[0].id)).status).toBe(401)
})

test('the list is paged, newest first, and without a symbol it is of all', async () => {
  const { body: first } = await ask.get('/v1/quarantine?limit=1')
  const { body: second } = await ask.get(`/v1/quarantine?limit=1&cursor=${first.nextCursor}`)
  expect([first.items[0].kind, second.items[0].kind]).toEqual(['badValue', 'badPrint'])
  expect(second.nextCursor).toBeNull()
  expect((await ask.get('/v1/quarantine?symbol=ZZZ')).status).toBe(404)
})

test('a revised bar is told with what it was, and counted', async () => {
  const { body } = await ask.get('/v1/revisions?symbol=SPY')
  expect(body).toMatchObject({ nextCursor: null, total: 1 })
  expect(body.items[0]).toMatchObject({
    before: { time: isoInstant(at(5)), volume: 100, high: 178.2 },
    ...{ source: 'live', request: null, marketTime: isoInstant(at(1_300)) },
  })
  await stores.bars.upsert(
    spy,
    '1s',
    BarSeries.of([
      { ...seconds[5]!, volume: 8 },
      { ...seconds[6]!, volume: 8 },
    ]),
    {
      ...told,
      request: 'chunk',
    },
  )
  const { body: first } = await ask.get('/v1/revisions?symbol=SPY&limit=2')
  expect(first.total).toBe(3)
  const { body: rest } = await ask.get(`/v1/revisions?symbol=SPY&limit=2&cursor=${first.nextCursor}`)
  const volumes = [...first.items, ...rest.items].map(({ before }) => before.volume)
  expect(volumes.toSorted((a, b) => a - b)).toEqual([7, 100, 100])
  expect(rest.nextCursor).toBeNull()
})
