import type { Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import { listed } from '../../openapi/backtestResult.ts'
import { BarSeries } from '../../src/market/series.ts'
import { sessionsBetween } from '../../src/market/session.ts'
import { DAY_MS, parseInstant, plus } from '../../src/market/time.ts'
import { spy } from '../support/bars.ts'
import { waves } from '../support/waves.ts'
import { served, withBars } from './served.ts'

const { ask, stores } = await served()

// Two and a half sessions: the market's clock shows 2013-10-09T14:00:00Z.
const WEEK = { from: '2013-10-07T00:00:00Z', to: '2013-10-09T14:00:00Z' }
const range = { from: parseInstant(WEEK.from), to: parseInstant(WEEK.to) }
const sessions = sessionsBetween(range, 'rth')
const stored = waves(sessions)
const instrument = await withBars(stores, stored, [range])

const post = (body: object, headers: Record<string, string> = {}) =>
  ask
    .post('/v1/backtests')
    .set(headers)
    .send({ symbol: 'SPY', ...WEEK, ...body })

/** A finished one. */
async function run(body: object = {}) {
  const { status, body: answer, headers } = await post(body)
  expect(status, JSON.stringify(answer)).toBe(201)
  expect(headers.location).toBe(`/v1/backtests/${answer.id}`)
  return answer
}

describe('a finished backtest', async () => {
  const answer = await run({ size: '1m', strategy: { left: 1, right: 1, length: 5 } })
  const at = `/v1/backtests/${answer.id}`

  test('has every default filled in', async () => {
    const { request } = await run()
    expect(request).toEqual({
      ...{ symbol: 'SPY', ...WEEK, size: '5m', session: 'rth', align: 'session', base: '1s' },
      strategy: {
        ...{ name: 'pivot-breakout', left: 3, right: 3, ties: 'strict', ma: 'sma', length: 50 },
        ...{ trigger: 'level', stop: 'ratchet', guard: true, protectiveStopPct: null },
      },
      execution: { fill: 'open', latencyMs: 0, slippageTicks: 0, slippageBps: 0, commission: 'none' },
      ...{ sizing: { kind: 'fraction', fraction: 1 }, initialCash: 100_000, force: false },
    })
  })

  test('is found again byte for byte, and a client that has it is told so', async () => {
    const found = await ask.get(at)
    expect(found.body).toEqual(answer)
    expect((await ask.get(at).set('if-none-match', found.headers.etag!)).status).toBe(304)
  })

  test('runs over the complete candles that /v1/candles gives', async () => {
    const { body } = await ask.get('/v1/candles').query({ symbol: 'SPY', size: '1m', ...WEEK })
    const complete = body.items.filter((it: { complete: boolean }) => it.complete)
    expect(answer.candles).toBe(complete.length)
    const { body: equity } = await ask.get(`${at}/equity`)
    expect(equity.items.map((it: { time: string }) => it.time)).toEqual(
      complete.map((it: { time: string }) => it.time),
    )
  })

  test('lists its trades, equity and decisions in pages', async () => {
    for (const [part, count] of [
      ['trades', answer.trades.length],
      ['equity', answer.candles],
      ['decisions', answer.candles],
    ] as const) {
      expect(count).toBeGreaterThan(1)
      const whole = (await ask.get(`${at}/${part}?limit=10000`)).body
      expect(whole.items.length).toBe(count)
      expect(whole.nextCursor).toBeNull()
      const first = (await ask.get(`${at}/${part}?limit=1`)).body
      const rest = (await ask.get(`${at}/${part}?cursor=${first.nextCursor}`)).body
      expect([...first.items, ...rest.items]).toEqual(whole.items)
    }
    expect((await ask.get(`${at}/trades?limit=10000`)).body.items).toEqual(answer.trades)
  })

  test('tells of each trade why it was made', async () => {
    const decisions = (await ask.get(`${at}/decisions`)).body.items
    const entries = decisions.filter((it: { action: string }) => it.action === 'enter')
    expect(entries.map((it: { reason: string }) => it.reason).slice(0, answer.trades.length)).toEqual(
      answer.trades.map((it: { entryReason: string }) => it.entryReason),
    )
  })

  test('gives trades and equity as CSV', async () => {
    const trades = await ask.get(`${at}/trades`).set('accept', 'text/csv')
    expect(trades.text.trimEnd().split('\n').length).toBe(answer.trades.length + 1)
    const equity = await ask.get(`${at}/equity`).set('accept', 'text/csv')
    expect(equity.text.split('\n').slice(0, 2)).toEqual([
      'time,equity,drawdown',
      `${'2013-10-07T13:30:00Z'},100000,0`,
    ])
  })

  test('is drawn as SVG and PNG, and told as a page, all of which run no script', async () => {
    for (const [name, type, begins] of [
      ['chart.svg', 'image/svg+xml', '<svg'],
      ['chart.svg?theme=dark&width=900&height=600', 'image/svg+xml', '<svg'],
      ['chart.png?width=800', 'image/png', '\x89PNG'],
      ['report.html', 'text/html; charset=utf-8', '<!doctype html>'],
    ] as const) {
      const picture = await ask.get(`${at}/${name}`).buffer().parse(collected)
      expect(picture.status).toBe(200)
      expect(picture.headers['content-type']).toBe(type)
      expect(picture.headers['cache-control']).toContain('immutable')
      expect(picture.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src/)
      expect((picture.body as Buffer).toString('latin1').startsWith(begins)).toBe(true)
    }
  })

  test('is in the list, newest first, without its trades', async () => {
    const newer = await run({ size: '10m', strategy: { length: 20 } })
    const { items } = (await ask.get('/v1/backtests?limit=2')).body
    expect(items[0].id).toBe(newer.id)
    expect(items).toHaveLength(2)
    for (const item of items) listed.parse(item)
  })
})

/** The bytes of an answer. */
function collected(response: Response, done: (error: null, bytes: Buffer) => void): void {
  const chunks: Buffer[] = []
  const stream = response as unknown as NodeJS.ReadableStream
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('end', () => done(null, Buffer.concat(chunks)))
}

test('a preset sets defaults that fields beside it override', async () => {
  const { request } = await run({ strategy: { preset: 'seed', guard: true }, force: true })
  expect(request.strategy).toMatchObject({ ties: 'any', stop: 'latest', guard: true, left: 3 })
  expect(request.execution.fill).toBe('close')
  const own = await run({ strategy: { preset: 'seed' }, execution: { fill: 'open' } })
  expect(own.request.execution.fill).toBe('open')
})

test('fills are found in the seconds, and a protective stop is walked along them', async () => {
  const { trades, openTrade } = await run({
    ...{ size: '5m', strategy: { left: 1, right: 1, length: 5, protectiveStopPct: 0.2 } },
    execution: { fill: 'second', latencyMs: 1_500, commission: 'ibkr-fixed' },
  })
  const entries = [...trades, openTrade].filter((it) => it !== null)
  expect(entries.length).toBeGreaterThan(1)
  // The first stored second that starts 1.5 s after a close or later: one in ten is.
  for (const { entryTime } of entries) expect(entryTime).toMatch(/:10Z$/)
  expect(trades.every((it: { commission: number }) => it.commission >= 2)).toBe(true)
})

test('the same request on the same bars gives the same bytes, and a changed bar another data version', async () => {
  const without = ({ id: _, ...answer }: { id: string }) => JSON.stringify(answer)
  const [one, other] = [await run(), await run()]
  expect(without(one)).toBe(without(other))
  const [first] = [...stored]
  await stores.bars.upsert(instrument, '1s', BarSeries.of([{ ...first!, volume: 101 }]))
  const changed = await run()
  await stores.bars.upsert(instrument, '1s', BarSeries.of([first!]))
  expect(changed.dataVersion).not.toBe(one.dataVersion)
  expect((await run()).dataVersion).toBe(one.dataVersion)
})

test('a client that would not wait is told where to look', async () => {
  const { status, body, headers } = await post({}, { prefer: 'respond-async' })
  expect(status).toBe(202)
  expect(body).toMatchObject({ candles: null, trades: null })
  const at = headers.location!
  await expect.poll(async () => (await ask.get(at)).body.state).toBe('done')
})

test('one that waits is cancelled and kept as such, until it is deleted', async () => {
  const posted = [await postAsync(), await postAsync(), await postAsync()]
  const at = posted.at(-1)!
  const cancelled = await ask.delete(at)
  expect(cancelled.status).toBe(200)
  expect(cancelled.body).toMatchObject({
    state: 'cancelled',
    reason: 'it was cancelled by request',
    trades: null,
  })
  expect((await ask.get(at)).body).toEqual(cancelled.body)
  expect((await ask.get(`${at}/equity`)).status).toBe(409)
  expect((await ask.delete(at)).status).toBe(204)
  await expect.poll(async () => (await ask.get(posted[1]!)).body.state).toBe('done')
})

const postAsync = async (): Promise<string> =>
  (await post({ size: '10s', strategy: { length: 5 } }, { prefer: 'respond-async' })).headers.location!

test('one that has ended is deleted, and then unknown', async () => {
  const { id } = await run()
  expect((await ask.delete(`/v1/backtests/${id}`)).status).toBe(204)
  for (const path of ['', '/trades', '/equity', '/decisions', '/chart.svg', '/report.html'])
    expect((await ask.get(`/v1/backtests/${id}${path}`)).status).toBe(404)
  expect((await ask.delete(`/v1/backtests/${id}`)).status).toBe(404)
})

test('with an Idempotency-Key it is run once', async () => {
  const headers = { 'idempotency-key': 'once' }
  const [one, other] = [await post({}, headers), await post({}, headers)]
  expect(other.body).toEqual(one.body)
  expect(other.headers['idempotent-replayed']).toBe('true')
  expect((await post({ size: '10m' }, headers)).status).toBe(422)
})

const strategy = (fields: object) => ({ strategy: fields })
const execution = (fields: object) => ({ execution: fields })

test.each([
  ['a reversed range', { from: WEEK.to, to: WEEK.from }, '/to', 'later than from'],
  [
    'a range after the bars',
    { from: '2013-10-10T00:00:00Z', to: '2013-10-11T00:00:00Z' },
    '/from',
    'newest bar',
  ],
  [
    'a range before the bars',
    { from: '2013-09-02T00:00:00Z', to: '2013-09-05T00:00:00Z' },
    '/to',
    'no bars of 1s',
  ],
  ['a base that is not stored', { base: '1m' }, '/base', 'no bars of 1m'],
  ['a size that the base cannot build', { size: '5s', base: '1m' }, '/size', 'cannot be built'],
  ['a size that is unknown', { size: '7m' }, '/size', ''],
  [
    'an unknown strategy',
    strategy({ name: 'pivot-breakuot' }),
    '/strategy/name',
    'did you mean pivot-breakout?',
  ],
  ['an unknown parameter', strategy({ lenght: 20 }), '/strategy/lenght', 'did you mean length?'],
  ['an unknown field', { simbol: 'SPY' }, '/simbol', 'did you mean symbol?'],
  ['an unknown preset', strategy({ preset: 'sead' }), '/strategy/preset', 'did you mean seed?'],
  ['a length beyond the data', strategy({ length: 5_000 }), '/strategy/length', 'needs 5000 candles'],
  [
    'sides beyond the data',
    strategy({ left: 500, right: 500, length: 5 }),
    '/strategy/left',
    'needs 1001 candles',
  ],
  ['a length of nothing', strategy({ length: 0 }), '/strategy/length', ''],
  ['half a candle', strategy({ left: 1.5 }), '/strategy/left', ''],
  ['a number that is none', strategy({ left: null }), '/strategy/left', ''],
  ['a huge number', strategy({ length: 9e15 }), '/strategy/length', ''],
  ['negative slippage', execution({ slippageTicks: -1 }), '/execution/slippageTicks', ''],
  ['negative latency', execution({ latencyMs: -1 }), '/execution/latencyMs', ''],
  ['an unknown commission', execution({ commission: 'ibkr-tierd' }), '/execution/commission', 'ibkr-tiered?'],
  ['no cash', { initialCash: 0 }, '/initialCash', ''],
  ['too much cash', { initialCash: 9e15 }, '/initialCash', ''],
  ['half a share', { sizing: { kind: 'shares', shares: 0.5 } }, '/sizing/shares', ''],
  ['more than everything', { sizing: { kind: 'fraction', fraction: 2 } }, '/sizing/fraction', ''],
  ['an unknown sizing', { sizing: { kind: 'kelly' } }, '/sizing/kind', ''],
  ['time that is not covered', { from: '2013-10-01T00:00:00Z' }, '/force', '% of the time is covered'],
])('%s is one problem that names the field', async (_, body, path, message) => {
  const answer = await post(body)
  expect(answer.status, answer.text).toBe(422)
  expect(answer.body.errors.map((it: { path: string }) => it.path)).toEqual([path])
  expect(answer.body.errors[0].message).toContain(message)
})

test('an unknown symbol is 404', async () => {
  expect((await post({ symbol: 'ZZZZ' })).status).toBe(404)
})

test('what is refused leaves nothing in the list', async () => {
  const before = (await ask.get('/v1/backtests')).body.items.length
  await post(strategy({ length: 5_000 }))
  expect((await ask.get('/v1/backtests')).body.items.length).toBe(before)
})

test('what is refused when nobody waits any more is kept as failed, with the reason', async () => {
  const { headers } = await post(strategy({ length: 5_000 }), { prefer: 'respond-async' })
  await expect
    .poll(async () => (await ask.get(headers.location!)).body)
    .toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('/strategy/length: needs 5000 candles'),
    })
  expect((await ask.get(`${headers.location}/trades`)).status).toBe(409)
})

test('forced, it runs over time that is not covered and warns of it', async () => {
  const { warnings } = await run({ from: '2013-10-01T00:00:00Z', force: true })
  expect(warnings[0]).toMatch(
    /% of the time is covered by 1s bars: 4 of 7 sessions have gaps, the first 2013-10-01/,
  )
})

test('more than may be held is refused with the arithmetic', async () => {
  const far = await stores.instruments.save({ ...spy, symbol: 'FAR', conId: 1 })
  const ends = ['2003-01-02T15:00:00Z', '2013-10-08T15:00:00Z'].map(parseInstant)
  await stores.bars.load(far, '1s', BarSeries.of(ends.map((time) => ({ ...stored.at(0), time }))))
  const faultOf = async (body: object) =>
    (await post({ symbol: 'FAR', from: '2003-01-01T00:00:00Z', force: true, ...body })).body.errors[0]
  expect(await faultOf({ size: '1s' })).toEqual({
    path: '/size',
    message:
      '2711 sessions give up to 63,199,800 candles of 1s, and 500,000 is the most: ask for a larger size or a shorter range',
  })
  expect((await faultOf({ execution: { fill: 'second' } })).path).toBe('/execution/fill')
  expect((await faultOf({ strategy: { protectiveStopPct: 3 } })).path).toBe('/strategy/protectiveStopPct')
  expect((await faultOf({ size: '1h', session: 'all' })).path).toBe('/strategy/length')
})

test('without seconds a protective stop is walked along the candles, over any number of years', async () => {
  const old = await stores.instruments.save({ ...spy, symbol: 'OLD', conId: 2 })
  const hours = Array.from({ length: 60 }, (_, i) => ({ ...stored.at(0), time: firstHour(i) }))
  await stores.bars.load(old, '1h', BarSeries.of(hours))
  const of = {
    symbol: 'OLD',
    from: '1998-01-01T00:00:00Z',
    base: '1h',
    size: '1h',
    session: 'all',
    force: true,
  }
  const { status, text, body } = await post({ ...of, ...strategy({ protectiveStopPct: 3 }) })
  expect(status, text).toBe(201)
  expect(body.candles).toBe(60)
})

/** An hour of each of many quarters from 1998 on. */
const firstHour = (i: number) => plus(parseInstant('1998-01-05T15:00:00Z'), i * 91 * DAY_MS)
