import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { unavailable } from '../../src/errors.ts'
import type { AuditEntry } from '../../src/ports/audit.ts'
import { spy } from '../support/bars.ts'
import { AUTHORIZED, served } from './served.ts'

let isDown = false
const { ask, stores } = await served((deps) => ({
  stores: {
    ...deps.stores,
    audit: {
      ...deps.stores.audit,
      append: async (fields) => {
        if (isDown) throw unavailable('the database does not answer')
        return deps.stores.audit.append(fields)
      },
    },
  },
}))
afterEach(() => {
  isDown = false
})
await stores.instruments.save(spy)

const body = { symbol: 'SPY', from: '2013-10-08T13:30:00Z', to: '2013-10-08T14:00:00Z' }
const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex')
const actor = (await stores.tokens.list({ limit: 1 }))[0]!.id

/** The entries that `work` leaves, oldest first. */
async function told(work: () => Promise<unknown>): Promise<AuditEntry[]> {
  const before = (await stores.audit.head())?.sequence ?? 0
  await work()
  const entries = await stores.audit.list({ limit: 100 })
  return entries.filter(({ sequence }) => sequence > before).reverse()
}

const post = (headers: object = {}) =>
  ask
    .post('/v1/backfills')
    .set({ ...AUTHORIZED, ...headers })
    .send(body)

test('a command is told before it is carried out, and its end after it', async () => {
  const [asked, answered, ...more] = await told(() => post())
  const shared = { actor, scope: 'trade', operation: 'addBackfill', method: 'POST', path: '/v1/backfills' }
  expect(asked).toMatchObject({ ...shared, kind: 'asked', bodyHash: hash, status: null, asked: null })
  expect(asked!.address).toMatch(/127\.0\.0\.1$/)
  expect(answered).toMatchObject({ ...shared, kind: 'answered', bodyHash: hash, status: 202 })
  expect(answered!.asked).toBe(asked!.sequence)
  expect(more).toEqual([])
})

test('a command that is not carried out is told with what was answered', async () => {
  const run = () => ask.post('/v1/jobs/busy/runs').set(AUTHORIZED)
  expect(await told(run)).toMatchObject([{ kind: 'asked' }, { kind: 'answered', status: 409 }])
})

test('with a key it is told once, however often it is sent', async () => {
  const twice = async () => {
    const answers = [await post({ 'idempotency-key': 'a' }), await post({ 'idempotency-key': 'a' })]
    expect(answers[1]!.headers['idempotent-replayed']).toBe('true')
  }
  expect(await told(twice)).toMatchObject([
    { kind: 'asked', bodyHash: hash },
    { kind: 'answered', status: 202 },
  ])
})

test('a file is hashed as it passes', async () => {
  const csv = 'time,open,high,low,close,volume\n2013-10-07T13:30:00Z,1,1,1,1,1\n'
  const send = () =>
    ask
      .post('/v1/bars/imports?symbol=SPY&size=1s')
      .set({ ...AUTHORIZED, 'content-type': 'text/csv' })
      .send(csv)
  const [asked, answered] = await told(send)
  expect(asked).toMatchObject({ path: '/v1/bars/imports?symbol=SPY&size=1s', bodyHash: null })
  expect(answered).toMatchObject({ status: 200, bodyHash: createHash('sha256').update(csv).digest('hex') })
})

test('what is refused for who asks is told, what cannot be read and what only looks is not', async () => {
  const work = async () => {
    await ask.get('/v1/gateway')
    await ask.post('/v1/backfills').set(AUTHORIZED).send({ symbol: 'SPY' })
    await ask.post('/v1/backfills').send(body)
    await ask.delete('/v1/backfills/1').set({ ...AUTHORIZED, origin: 'http://evil.example' })
    await ask.post('/v1/nothing').set('authorization', 'Bearer ipe_guess')
  }
  expect(await told(work)).toMatchObject([
    { kind: 'refused', status: 401, operation: 'addBackfill', path: '/v1/backfills', actor: null },
    { kind: 'refused', status: 403, operation: null, method: 'DELETE' },
    { kind: 'refused', status: 401, operation: null, path: '/v1/nothing' },
  ])
})

test('without the log nothing is done', async () => {
  const count = async () => (await stores.backfills.list({ limit: 1_000 })).length
  const before = await count()
  isDown = true
  expect((await post()).status).toBe(503)
  isDown = false
  expect(await count()).toBe(before)
})

test('the log is listed to who has the scope, newest first, page by page', async () => {
  const page = async (query: string) => (await ask.get(`/v1/audit${query}`).set(AUTHORIZED)).body
  const { items, nextCursor } = await page('?limit=2')
  const rest = await page(`?limit=9999&cursor=${nextCursor}`)
  const sequences = [...items, ...rest.items].map(({ sequence }: AuditEntry) => sequence)
  const { sequence } = (await stores.audit.head())!
  expect(sequences).toEqual(Array.from({ length: sequence }, (_, i) => sequence - i))
  expect(rest.nextCursor).toBeNull()
  expect((await ask.get('/v1/audit?cursor=x').set(AUTHORIZED)).status).toBe(400)
  expect((await ask.get('/v1/audit')).status).toBe(401)
})
