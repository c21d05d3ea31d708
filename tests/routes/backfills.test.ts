import { expect, test } from 'vitest'
import { backfills } from '../../src/collection/backfill.ts'
import { BarSeries } from '../../src/market/series.ts'
import { NOW } from '../openapi/memory.ts'
import { manualClock } from '../support/manualClock.ts'
import { AUTHORIZED, PACING, served, withBars } from './served.ts'

const market = manualClock(NOW)
const { ask, stores } = await served(({ stores }) => ({
  market,
  backfills: backfills({ stores, market, session: 'rth', pacing: PACING }),
}))
await withBars(stores, BarSeries.of([]), [])

const MONDAY = { symbol: 'SPY', from: '2013-10-07T09:30:00-04:00', to: '2013-10-07T20:00:00Z' }
const add = (body: object, headers = {}) =>
  ask
    .post('/v1/backfills')
    .set({ ...AUTHORIZED, ...headers })
    .send(body)

test('a backfill is accepted, followed and cancelled', async () => {
  const accepted = await add(MONDAY)
  expect(accepted.status).toBe(202)
  const { id } = accepted.body
  expect(accepted.headers.location).toBe(`/v1/backfills/${id}`)
  expect(accepted.body).toEqual({
    id,
    symbol: 'SPY',
    from: '2013-10-07T13:30:00Z',
    to: '2013-10-07T20:00:00Z',
    session: 'rth',
    state: 'queued',
    createdAt: '2013-10-09T14:00:00Z',
    chunks: { total: 13, done: 0, empty: 0, failed: 0 },
    eta: '2013-10-09T14:10:05Z',
  })
  expect((await ask.get(`/v1/backfills/${id}`)).body).toEqual(accepted.body)
  const cancelled = await ask.delete(`/v1/backfills/${id}`).set(AUTHORIZED)
  expect(cancelled.body).toMatchObject({ id, state: 'cancelled', eta: null })
  expect((await ask.get(`/v1/backfills/${id}`)).body).toEqual(cancelled.body)
})

test('one key makes one backfill', async () => {
  const before = (await ask.get('/v1/backfills')).body.items.length
  const [one, two] = await Promise.all([1, 2].map(() => add(MONDAY, { 'idempotency-key': 'k1' })))
  expect(one!.body).toEqual(two!.body)
  expect((await ask.get('/v1/backfills')).body.items).toHaveLength(before + 1)
})

test('the list is newest first, page by page', async () => {
  await add({ ...MONDAY, session: 'all' })
  const { items } = (await ask.get('/v1/backfills')).body
  expect(items[0].session).toBe('all')
  const first = (await ask.get('/v1/backfills?limit=1')).body
  expect(first.items).toEqual(items.slice(0, 1))
  const rest = (await ask.get(`/v1/backfills?limit=100&cursor=${first.nextCursor}`)).body
  expect(rest).toEqual({ items: items.slice(1), nextCursor: null })
})

test.each([
  ['a range of more than six months ago', { ...MONDAY, from: '2013-04-09T13:59:59Z' }, 422, '/from'],
  [
    'a range that has not begun',
    { ...MONDAY, from: '2013-10-09T14:00:00Z', to: '2013-10-10T00:00:00Z' },
    422,
    '/from',
  ],
  ['a reversed range', { ...MONDAY, to: '2013-10-07T13:30:00Z' }, 422, '/to'],
  ['an unknown field', { ...MONDAY, speed: 2 }, 422, '/speed'],
  ['an unknown session', { ...MONDAY, session: 'night' }, 422, '/session'],
])('%s is refused', async (_, body, status, path) => {
  const answer = await add(body)
  expect(answer.status).toBe(status)
  expect(answer.body.errors).toMatchObject([{ path }])
})

test('six months of market time are accepted', async () => {
  expect((await add({ ...MONDAY, from: '2013-04-09T14:00:00Z', to: '2013-04-09T14:30:00Z' })).status).toBe(
    202,
  )
})

test('what is unknown is 404', async () => {
  expect((await add({ ...MONDAY, symbol: 'IBM' })).status).toBe(404)
  for (const id of ['1', '00000000-0000-0000-0000-000000000000', "'; drop table bars; --"]) {
    expect((await ask.get(`/v1/backfills/${encodeURIComponent(id)}`)).status).toBe(404)
    expect((await ask.delete(`/v1/backfills/${encodeURIComponent(id)}`).set(AUTHORIZED)).status).toBe(404)
  }
})

test('a version lasts while only the expected end moves, and ends with progress', async () => {
  const { id } = (await add(MONDAY)).body
  const known = await ask.get(`/v1/backfills/${id}`)
  const again = () => ask.get(`/v1/backfills/${id}`).set({ 'if-none-match': known.headers.etag })
  await market.advance(60_000)
  expect((await ask.get(`/v1/backfills/${id}`)).body.eta).not.toBe(known.body.eta)
  expect((await again()).status).toBe(304)
  await ask.delete(`/v1/backfills/${id}`).set(AUTHORIZED)
  expect((await again()).body).toMatchObject({ state: 'cancelled' })
})
