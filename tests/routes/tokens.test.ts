import { createHash } from 'node:crypto'
import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { Tokens } from '../../src/access/tokens.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { DAY_MS, isoInstant, plus } from '../../src/market/time.ts'
import { AUTHORIZED, served } from './served.ts'

const { ask, deps, stores, url } = await served()
const pool = new Pool({ connectionString: url })
afterAll(() => pool.end())
const make = (body: object) => ask.post('/v1/tokens').set(AUTHORIZED).send(body)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const tomorrow = isoInstant(plus(machineClock.now(), DAY_MS))

test('a token is made, shown once, used within its scope and revoked', async () => {
  const { status, body } = await make({ name: ' desk ', scopes: ['trade'], expiresAt: tomorrow })
  expect(status).toBe(201)
  expect(body).toMatchObject({ name: 'desk', scopes: ['trade'], expiresAt: tomorrow, lastUsedAt: null })
  expect(body.token).toMatch(/^ipe_[\w-]{49}$/)

  const run = () => ask.post('/v1/jobs/collect-bars/runs').set(bearer(body.token))
  expect((await run()).status).toBe(201)
  expect((await ask.get('/v1/tokens').set(bearer(body.token))).status).toBe(403)
  const { body: list } = await ask.get('/v1/tokens').set(AUTHORIZED)
  expect(list.items[0]).toMatchObject({ id: body.id, name: 'desk' })
  expect(JSON.stringify(list)).not.toContain(body.token)

  const revoked = await ask.delete(`/v1/tokens/${body.id}`).set(AUTHORIZED)
  expect(revoked).toMatchObject({ status: 200, body: { id: body.id, revokedAt: expect.any(String) } })
  expect(await run()).toMatchObject({ status: 401, body: { detail: 'The token has been revoked.' } })
})

test('the secret is kept nowhere, only its hash', async () => {
  const { body } = await make({ name: 'hashed', scopes: ['read'] })
  const digest = createHash('sha256').update(body.token).digest()
  expect(await stores.tokens.withDigest(digest)).toMatchObject({ id: body.id })
})

test('another process refuses a revoked token within a second', async () => {
  const { body } = await make({ name: 'elsewhere', scopes: ['read'] })
  const other = new Tokens({ ...deps, store: stores.tokens, randomBytes: () => new Uint8Array() })
  expect(await other.present(body.token)).toMatchObject({ kind: 'token' })
  await ask.delete(`/v1/tokens/${body.id}`).set(AUTHORIZED)
  const revokedAt = performance.now()
  while ((await other.present(body.token)).kind === 'token') {
    expect(performance.now() - revokedAt).toBeLessThan(1_000)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})

test.each([
  [{ scopes: ['read'] }, '/name'],
  [{ name: ' ', scopes: ['read'] }, '/name'],
  [{ name: 'x', scopes: [] }, '/scopes'],
  [{ name: 'x', scopes: ['read', 'read'] }, '/scopes'],
  [{ name: 'x', scopes: ['root'] }, '/scopes/0'],
  [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
  [{ name: 'x', scopes: ['read'], secret: 'mine' }, '/secret'],
])('%o is refused', async (body, path) => {
  expect(await make(body)).toMatchObject({ status: 422, body: { errors: [{ path }] } })
})

test('a token that nobody has made is 404', async () => {
  expect((await ask.delete('/v1/tokens/unknown').set(AUTHORIZED)).status).toBe(404)
})

test('sent again with its key, the secret is shown again to the same token alone, and is kept encrypted', async () => {
  const key = { 'idempotency-key': 'new-token' }
  const body = { name: 'twice', scopes: ['read'] }
  const send = (headers: object) =>
    ask
      .post('/v1/tokens')
      .set({ ...headers, ...key })
      .send(body)
  const first = await send(AUTHORIZED)
  const again = await send(AUTHORIZED)
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect(again.body).toEqual(first.body)

  const kept = await pool.query("select body from idempotency_keys where key = 'new-token'")
  expect(kept.rowCount).toBe(1)
  expect(JSON.stringify(kept.rows)).not.toContain(first.body.token)
  expect(JSON.stringify(kept.rows)).not.toContain('twice')

  const { body: other } = await make({ name: 'another administrator', scopes: ['admin'] })
  expect(await send(bearer(other.token))).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'Idempotency-Key', message: 'was used with another token' }] },
  })
})
