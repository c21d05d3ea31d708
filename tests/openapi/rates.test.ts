import type { OpenAPIObject } from 'openapi3-ts/oas31'
import { beforeEach, expect, test } from 'vitest'
import { ELSEWHERE, ON_LOOPBACK } from '../../src/access/rates.ts'
import { SECRET_BYTES, secretOf } from '../../src/access/secret.ts'
import type { AuditFields } from '../../src/ports/audit.ts'
import { type ManualClock, manualClock } from '../support/manualClock.ts'
import { appOf, depsOf, NOW, TOKEN, TOKEN_ALONE, tokensOf } from './memory.ts'
import { documented, exampleBody, exampleUrl } from './requests.ts'

const REMOTE = { openReads: false, hosts: ['localhost'] }

let clock: ManualClock
let told: AuditFields[]
let app: ReturnType<typeof appOf>

beforeEach(() => {
  clock = manualClock(NOW)
  told = []
  const deps = depsOf()
  const append = async (fields: AuditFields) => {
    told.push(fields)
    return deps.stores.audit.append(fields)
  }
  const stores = { ...deps.stores, audit: { ...deps.stores.audit, append } }
  app = appOf({
    stores,
    machine: clock,
    rates: ELSEWHERE,
    access: REMOTE,
  })
})

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` }

/** As if it came from `address`. */
const ask = async (path: string, address = '10.0.0.1', init: RequestInit = {}) =>
  app.request(
    path,
    { headers: AUTHORIZED, ...init },
    { incoming: { rawHeaders: [], socket: { remoteAddress: address } } },
  )

const statuses = async (count: number, one: () => Promise<Response>) => {
  const counts: Record<number, number> = {}
  for (let i = 0; i < count; i++) {
    const { status } = await one()
    counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

test('a hundred reads may come at once, the next ones wait, and the answer says how long', async () => {
  const answer = await ask('/v1/gateway')
  expect(answer.headers.get('ratelimit-policy')).toBe('"read";q=100;w=2')
  expect(answer.headers.get('ratelimit')).toBe('"read";r=99;t=0')
  expect(await statuses(100, () => ask('/v1/gateway'))).toEqual({ 200: 99, 429: 1 })
  const refused = await ask('/v1/gateway')
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(refused.headers.get('ratelimit')).toBe('"read";r=0;t=1')
  expect(await refused.json()).toMatchObject({ status: 429, type: 'urn:problem-type:throttled' })
  await clock.advance(1_000)
  expect(await statuses(60, () => ask('/v1/gateway'))).toEqual({ 200: 50, 429: 10 })
})

test('an address is counted whatever token it shows, and a token wherever it comes from', async () => {
  await statuses(100, () => ask('/v1/gateway'))
  expect((await ask('/health/live', '10.0.0.1', { headers: {} })).status).toBe(429)
  expect((await ask('/v1/gateway', '10.0.0.2')).status).toBe(429)
  expect((await ask('/health/live', '10.0.0.2', { headers: {} })).status).toBe(200)
})

test('whole tables, long ranges and pictures come twice a second', async () => {
  const year = '/v1/coverage?symbol=SPY&from=2013-01-01T00:00:00Z&to=2013-12-31T00:00:00Z'
  expect(await statuses(6, () => ask(year))).toEqual({ 404: 4, 429: 2 })
  await clock.advance(1_000)
  expect(await statuses(4, () => ask('/v1/backtests/1/chart.svg'))).toEqual({ 404: 2, 429: 2 })
  expect(
    (await ask('/v1/coverage?symbol=SPY&from=2013-01-01T00:00:00Z&to=2013-01-09T00:00:00Z')).status,
  ).toBe(404)
})

test('commands come once a second', async () => {
  const cancel = () => ask('/v1/quarantine/1/exclude', '10.0.0.1', { method: 'POST', headers: AUTHORIZED })
  expect(await statuses(8, cancel)).toEqual({ 404: 5, 429: 3 })
  await clock.advance(1_000)
  expect(await statuses(2, cancel)).toEqual({ 404: 1, 429: 1 })
})

test('nothing holds up a command to the trader', async () => {
  const document = (await (await appOf().request('/openapi.json')).json()) as OpenAPIObject
  const commands = documented(document).filter(
    ({ method, path }) => method !== 'GET' && path.startsWith('/v1/trader'),
  )
  expect(commands.map(({ operationId }) => operationId).sort()).toEqual([
    'changeTrader',
    'flattenTrader',
    'panicTrader',
  ])
  await statuses(150, () => ask('/v1/gateway'))
  for (const command of commands) {
    const { headers, ...body } = exampleBody(command)
    const init = { method: command.method, headers: { ...AUTHORIZED, ...headers }, ...body }
    const counts = await statuses(50, () => ask(exampleUrl(command), '10.0.0.1', init))
    expect(counts).not.toHaveProperty('429')
    expect(command.operation.responses).not.toHaveProperty('429')
  }
})

test('ten wrong tokens a minute are told so, more have to wait, and a right one is not held up', async () => {
  const guess = (address: string) =>
    ask('/v1/gateway', address, { headers: { authorization: 'Bearer ipe_guess' } })
  expect(await statuses(12, () => guess('10.0.0.1'))).toEqual({ 401: 10, 429: 2 })
  const refused = await guess('10.0.0.1')
  expect(refused.headers.get('retry-after')).toBe('6')
  expect((await ask('/v1/gateway')).status).toBe(200)
  expect((await guess('10.0.0.2')).status).toBe(401)
  await clock.advance(6_000)
  expect(await statuses(2, () => guess('10.0.0.1'))).toEqual({ 401: 1, 429: 1 })
})

test('an address with many wrong tokens costs the database nothing more, and a right one is let in all the same', async () => {
  let looked = 0
  const withDigest = async () => {
    looked++
    return null
  }
  const tokens = tokensOf({ ...TOKEN_ALONE, withDigest }, clock)
  app = appOf({ machine: clock, rates: ELSEWHERE, tokens, access: REMOTE })
  const guess = (i: number) =>
    ask('/v1/gateway', '10.0.0.1', {
      headers: { authorization: `Bearer ${secretOf(new Uint8Array(SECRET_BYTES).fill(i + 1))}` },
    })
  let guesses = 0
  expect(await statuses(100, () => guess(guesses++))).toEqual({ 401: 10, 429: 90 })
  expect(looked).toBe(10)
  expect((await ask('/v1/gateway')).status).toBe(200)
})

test('who is refused again and again is in the audit log ten times a minute', async () => {
  const knock = () => ask('/v1/backfills', '10.0.0.1', { method: 'POST', headers: {} })
  expect(await statuses(40, knock)).toEqual({ 401: 40 })
  expect(told).toHaveLength(10)
  expect(told[0]).toMatchObject({ kind: 'refused', status: 401, address: '10.0.0.1' })
})

test('a dashboard, curl and a load test on loopback are not held up', async () => {
  app = appOf({ machine: clock, rates: ON_LOOPBACK })
  for (let second = 0; second < 3; second++) {
    expect(await statuses(500, () => ask('/health/live', '127.0.0.1', {}))).toEqual({ 200: 500 })
    await clock.advance(1_000)
  }
})
