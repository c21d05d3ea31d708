import { expect, test } from 'vitest'
import { gatewayEvent } from '../support/events.ts'
import { AUTHORIZED, served } from './served.ts'

const { ask, stores, deps, pool } = await served()
const { events, webhooks } = stores
const now = () => deps.machine.now()

const add = (body: object, headers = {}) =>
  ask
    .post('/v1/webhooks')
    .set({ ...AUTHORIZED, ...headers })
    .send(body)
const get = (path: string) => ask.get(path).set(AUTHORIZED)
const post = (path: string) => ask.post(path).set(AUTHORIZED)
const patch = (id: string, body: object) => ask.patch(`/v1/webhooks/${id}`).set(AUTHORIZED).send(body)

const URL_ = 'https://hooks.example.com/x'

test('a webhook is made with its secret shown once, read, changed and removed', async () => {
  const made = await add({ url: URL_, events: ['trade.opened', 'order.filled'], description: 'journal' })
  expect(made.status).toBe(201)
  const { secret, ...webhook } = made.body
  expect(made.headers.location).toBe(`/v1/webhooks/${webhook.id}`)
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(webhook).toMatchObject({
    ...{ url: URL_, events: ['trade.opened', 'order.filled'], description: 'journal', state: 'enabled' },
    ...{ reason: null, previousSecretUntil: null, pending: 0, nextTry: null },
  })
  expect((await get(`/v1/webhooks/${webhook.id}`)).body).toEqual(webhook)
  expect((await get('/v1/webhooks')).body.items).toEqual([webhook])
  expect((await patch(webhook.id, { events: ['*'], state: 'disabled' })).body).toMatchObject({
    ...{ events: ['*'], description: 'journal', state: 'disabled', reason: 'it was disabled by request' },
  })
  expect((await patch(webhook.id, { state: 'enabled' })).body).toMatchObject({
    state: 'enabled',
    reason: null,
  })
  expect((await ask.delete(`/v1/webhooks/${webhook.id}`).set(AUTHORIZED)).status).toBe(204)
  expect((await get(`/v1/webhooks/${webhook.id}`)).status).toBe(404)
})

test('the secret lies nowhere in the database as it is', async () => {
  const { body } = await add({ url: URL_ }, { 'idempotency-key': 'a-key-of-its-own' })
  const raw = Buffer.from(body.secret.slice('whsec_'.length), 'base64')
  const { rows } = await pool.query<{ text: string }>(
    `select t::text as text from webhook_endpoints t union all select t::text from idempotency_keys t
    union all select t::text from webhook_deliveries t`,
  )
  expect(rows.length).toBeGreaterThan(1)
  for (const { text } of rows) {
    expect(text).not.toContain(body.secret)
    expect(text).not.toContain(raw.toString('hex'))
  }
})

test('nothing of webhooks is open, not even on loopback', async () => {
  for (const path of ['/v1/webhooks', '/v1/webhooks/x', '/v1/webhooks/x/deliveries']) {
    expect((await ask.get(path)).status).toBe(401)
  }
  expect((await ask.post('/v1/webhooks').send({ url: URL_ })).status).toBe(401)
})

test.each([
  [{}, '/url', 'is required'],
  [{ url: 'ftp://a.example' }, '/url', 'must be a URL of https or http'],
  [{ url: 'https://user:pass@a.example/' }, '/url', 'must not hold a user'],
  [{ url: 'https://a.example/\r\nx: y' }, '/url', 'printable'],
  [{ url: 'https://10.0.0.1/' }, '/url', 'not public'],
  [{ url: 'https://a.example:22/' }, '/url', 'its port must be 443'],
  [{ url: URL_, events: [] }, '/events', ''],
  [{ url: URL_, events: ['trade.open'] }, '/events/0', 'expected one of *, trade.opened'],
  [{ url: URL_, events: ['trade.opened', 'trade.opened'] }, '/events', 'names a type twice'],
  [{ url: URL_, events: ['*', 'trade.opened'] }, '/events', 'alone'],
  [{ url: URL_, description: 'x'.repeat(501) }, '/description', ''],
  [{ url: URL_, secret: 'whsec_mine' }, '/secret', 'is not a field here'],
])('%j is refused, and the field named', async (body, path, message) => {
  const { status, body: problem } = await add(body)
  expect(status).toBe(422)
  expect(problem.errors).toMatchObject([{ path, message: expect.stringContaining(message) }])
})

test('a rotation shows another secret, and says how long the one before signs', async () => {
  const { body: made } = await add({ url: URL_ })
  const { status, body } = await post(`/v1/webhooks/${made.id}/rotate`)
  expect(status).toBe(200)
  expect(body.secret).toMatch(/^whsec_/)
  expect(body.secret).not.toBe(made.secret)
  const hours = (Date.parse(body.previousSecretUntil) - now()) / 3_600_000
  expect(hours).toBeGreaterThan(23.9)
  expect(hours).toBeLessThanOrEqual(24)
})

test('deliveries are listed with their attempts, and redelivered by id', async () => {
  const { body: made } = await add({ url: URL_ })
  await events.append([gatewayEvent(1), gatewayEvent(2)])
  await webhooks.spread(now())
  const due = (await webhooks.next(made.id, now()))!
  const attempt = { at: now(), durationMs: 12, response: 200, error: null }
  await webhooks.settle(due, attempt, { kind: 'delivered' })
  const { body } = await get(`/v1/webhooks/${made.id}/deliveries`)
  expect(body.items).toMatchObject([
    { status: 'pending', attemptCount: 0, attempts: [], response: null, nextTry: null },
    {
      status: 'delivered',
      attemptCount: 1,
      attempts: [{ durationMs: 12, response: 200, error: null }],
      response: 200,
    },
  ])
  expect(body.items[1]).toMatchObject({ webhook: made.id, event: due.event.id, type: 'gateway.state' })
  const page = await get(`/v1/webhooks/${made.id}/deliveries?limit=1`)
  expect(
    (await get(`/v1/webhooks/${made.id}/deliveries?limit=1&cursor=${page.body.nextCursor}`)).body.items,
  ).toEqual([body.items[1]])
  expect((await post(`/v1/deliveries/${body.items[1].id}/redeliver`)).status).toBe(202)
  expect(await webhooks.next(made.id, now())).toMatchObject({
    isAsked: true,
    delivery: { id: body.items[1].id },
  })
  expect((await post('/v1/deliveries/dlv_none/redeliver')).status).toBe(404)
})

test('what waits behind another is not sent before it, and only the oldest can be skipped', async () => {
  const { body: made } = await add({ url: URL_ })
  await events.append([gatewayEvent(1), gatewayEvent(2)])
  await webhooks.spread(now())
  const [second, first] = (await get(`/v1/webhooks/${made.id}/deliveries`)).body.items
  expect((await post(`/v1/deliveries/${second.id}/redeliver`)).status).toBe(409)
  expect((await patch(made.id, { skip: second.id })).status).toBe(409)
  expect((await patch(made.id, { skip: first.id })).body).toMatchObject({ pending: 1 })
  expect((await post(`/v1/deliveries/${second.id}/redeliver`)).status).toBe(202)
})

test('a test is accepted for what is there, and shows among the deliveries', async () => {
  const { body: made } = await add({ url: URL_ })
  const { status, body } = await post(`/v1/webhooks/${made.id}/test`)
  expect(status).toBe(202)
  expect(body).toMatchObject({ type: 'webhook.test', sequence: null, status: 'pending', webhook: made.id })
  expect((await get(`/v1/webhooks/${made.id}/deliveries`)).body.items).toEqual([body])
  expect((await post('/v1/webhooks/whk_none/test')).status).toBe(404)
})

test('the same request sent again with its key makes one webhook', async () => {
  const before = (await get('/v1/webhooks')).body.items.length
  const made = await Promise.all([1, 2, 3].map(() => add({ url: URL_ }, { 'idempotency-key': 'once' })))
  expect(new Set(made.map(({ body }) => body.secret)).size).toBe(1)
  expect((await get('/v1/webhooks')).body.items).toHaveLength(before + 1)
})
