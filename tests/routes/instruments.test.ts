import { expect, test } from 'vitest'
import { AUTHORIZED, served } from './served.ts'

const { ask } = await served()

const add = (symbol: string, headers = {}) =>
  ask
    .post('/v1/instruments')
    .set({ ...AUTHORIZED, ...headers })
    .send({ symbol })

test('an instrument is qualified, tracked and found again', async () => {
  const added = await add('SPY')
  expect(added.status).toBe(201)
  expect(added.headers.location).toBe('/v1/instruments/SPY')
  expect(added.body).toEqual({
    symbol: 'SPY',
    conId: 756_733,
    exchange: 'SMART',
    primaryExchange: 'ARCA',
    currency: 'USD',
    minTick: 0.01,
    tracked: true,
  })
  const found = await ask.get('/v1/instruments/SPY')
  expect(found.body).toEqual(added.body)
  const again = await ask.get('/v1/instruments/SPY').set('if-none-match', found.headers.etag!)
  expect(again.status).toBe(304)
  expect(again.text).toBe('')
})

test('a change changes the ETag', async () => {
  const before = await ask.get('/v1/instruments/SPY')
  const changed = await ask.patch('/v1/instruments/SPY').set(AUTHORIZED).send({ tracked: false })
  expect(changed.body).toMatchObject({ symbol: 'SPY', tracked: false })
  const after = await ask.get('/v1/instruments/SPY').set('if-none-match', before.headers.etag!)
  expect(after.status).toBe(200)
})

test('what the broker does not know is 404, and so is what we do not', async () => {
  expect((await add('NONE')).status).toBe(404)
  expect((await ask.get('/v1/instruments/NONE')).status).toBe(404)
  expect((await ask.get('/v1/instruments/%ff')).status).toBe(404)
  expect((await ask.patch('/v1/instruments/NONE').set(AUTHORIZED).send({ tracked: true })).status).toBe(404)
})

test('a POST that is sent twice with one key is answered once', async () => {
  const headers = { 'idempotency-key': 'first' }
  const [one, two] = await Promise.all([add('IBM', headers), add('IBM', headers)])
  expect([one.status, two.status]).toEqual([201, 201])
  expect(one.body).toEqual(two.body)
  expect([one, two].filter((answer) => answer.headers['idempotent-replayed'] === 'true')).toHaveLength(1)
  const third = await add('IBM', headers)
  expect(third.headers).toMatchObject({ 'idempotent-replayed': 'true', location: '/v1/instruments/IBM' })
  expect(third.headers['content-type']).toBe('application/json')
})

test('another body under the same key is 422, and a problem is not kept', async () => {
  const other = await add('AAPL', { 'idempotency-key': 'first' })
  expect(other.status).toBe(422)
  expect(other.body.errors).toEqual([{ path: 'Idempotency-Key', message: 'was used with another body' }])
  expect((await add('NONE', { 'idempotency-key': 'second' })).status).toBe(404)
  expect((await add('AAPL', { 'idempotency-key': 'second' })).status).toBe(201)
  expect((await add('AAPL', { 'idempotency-key': 'a b' })).status).toBe(422)
})

test('a fifth instrument is not tracked', async () => {
  for (const symbol of ['SPY', 'MSFT']) expect((await add(symbol)).status).toBe(201)
  expect((await add('QQQ')).status).toBe(409)
  expect((await add('SPY')).status).toBe(201)
  await ask.patch('/v1/instruments/MSFT').set(AUTHORIZED).send({ tracked: false })
  expect((await add('QQQ')).status).toBe(201)
  expect((await ask.patch('/v1/instruments/MSFT').set(AUTHORIZED).send({ tracked: true })).status).toBe(409)
})

test('the list goes on where it stopped', async () => {
  const all = await ask.get('/v1/instruments')
  expect(all.body.nextCursor).toBe(null)
  const symbols: string[] = []
  for (let cursor = ''; ; ) {
    const page = await ask.get(`/v1/instruments?limit=2${cursor && `&cursor=${cursor}`}`)
    symbols.push(...page.body.items.map((item: { symbol: string }) => item.symbol))
    if (page.body.nextCursor === null) break
    cursor = page.body.nextCursor
  }
  expect(symbols).toEqual(all.body.items.map((item: { symbol: string }) => item.symbol))
})

test.each([
  ['no media type', 'SPY', 'text/plain', 415],
  ['another charset', '{"symbol":"SPY"}', 'application/json; charset=latin1', 415],
  ['half a body', '{"symbol":', 'application/json', 400],
  ['no body', '', 'application/json', 400],
  ['a field that is not known', '{"symbol":"SPY","x":1}', 'application/json', 422],
  ['a body that is too large', JSON.stringify({ symbol: 'S'.repeat(70_000) }), 'application/json', 413],
])('%s', async (_, body, type, status) => {
  const answer = await ask
    .post('/v1/instruments')
    .set({ ...AUTHORIZED, 'content-type': type })
    .send(body)
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.body).toMatchObject({ status, type: expect.stringContaining('urn:problem-type:') })
})

test('a compressed body is 415', async () => {
  const headers = { ...AUTHORIZED, 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const answer = await ask.post('/v1/instruments').set(headers).send('{"symbol":"SPY"}')
  expect(answer.status).toBe(415)
})
