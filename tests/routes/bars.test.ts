import { expect, test } from 'vitest'
import { BarSeries } from '../../src/market/series.ts'
import { isoInstant } from '../../src/market/time.ts'
import { bar, secondAt } from '../support/bars.ts'
import { served, withBars } from './served.ts'

const { ask, stores } = await served()
const every = Array.from({ length: 2_500 }, (_, i) =>
  bar(i * 2, { volume: i, vwap: i % 7 ? 178.1234 : null }),
)
const spy = await withBars(stores, BarSeries.of(every), [])
const first = isoInstant(secondAt(0))

const shown = every.map((it) => ({ ...it, time: isoInstant(it.time) }))

async function pages(query: string, between: () => Promise<unknown> = async () => {}) {
  const items: unknown[] = []
  for (let cursor: string | null = ''; cursor !== null; cursor = await next(cursor)) await between()
  return items

  async function next(cursor: string): Promise<string | null> {
    const { body, status } = await ask.get(`/v1/bars?symbol=SPY&${query}${cursor && `&cursor=${cursor}`}`)
    expect(status).toBe(200)
    items.push(...body.items)
    return body.nextCursor
  }
}

test('a page has a thousand bars unless asked otherwise', async () => {
  const page = await ask.get('/v1/bars?symbol=SPY')
  expect(page.body.items).toEqual(shown.slice(0, 1_000))
  expect(page.body.nextCursor).toEqual(expect.any(String))
})

test('the pages hold every bar once, in order', async () => {
  expect(await pages('limit=700')).toEqual(shown)
  expect(await pages(`limit=2500`)).toEqual(shown)
  expect(await pages(`limit=1&from=${first}&to=${isoInstant(secondAt(5))}`)).toEqual(shown.slice(0, 3))
})

test('a range is half-open', async () => {
  const [from, to] = [isoInstant(secondAt(2)), isoInstant(secondAt(6))]
  expect((await ask.get(`/v1/bars?symbol=SPY&from=${from}&to=${to}`)).body).toEqual({
    items: shown.slice(1, 3),
    nextCursor: null,
  })
})

test('CSV has the columns of the JSON, and any length', async () => {
  const { text, headers } = await ask.get('/v1/bars?symbol=SPY').set('accept', 'text/csv')
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  const [header, ...lines] = text.trimEnd().split('\n')
  expect(header).toBe('time,open,high,low,close,volume,vwap,tradeCount')
  expect(lines).toEqual(shown.map((it) => Object.values(it).join(',')))
  const three = await ask.get('/v1/bars?symbol=SPY&limit=3').set('accept', 'text/csv')
  expect(three.text.trimEnd().split('\n')).toHaveLength(4)
})

test('a client that takes either gets JSON', async () => {
  const { headers } = await ask
    .get('/v1/bars?symbol=SPY&limit=1')
    .set('accept', 'text/csv;q=0.5, application/json')
  expect(headers['content-type']).toBe('application/json')
  expect(headers.vary).toBe('Accept')
})

test('the pages are stable while bars are appended', async () => {
  let more = 5_000
  const append = () => stores.bars.upsert(spy, '1s', BarSeries.of([bar(more++)]))
  const items = await pages('limit=500', append)
  expect(items.slice(0, 2_500)).toEqual(shown)
})

test.each([
  ['/v1/bars?symbol=SPY&cursor=x', 400],
  ['/v1/bars?symbol=SPY&cursor=YmFja2ZpbGxzOjE', 400],
  ['/v1/bars?symbol=NONE', 404],
  ['/v1/bars', 422],
  ['/v1/bars?symbol=SPY&limit=0', 422],
  ['/v1/bars?symbol=SPY&size=7s', 422],
  ['/v1/bars?symbol=SPY&from=2014-01-02T00:00:00Z&to=2014-01-01T00:00:00Z', 422],
  ['/v1/bars/', 404],
  ['//v1/bars?symbol=SPY', 404],
])('%s is %i', async (path, status) => {
  const answer = await ask.get(path)
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json')
})
