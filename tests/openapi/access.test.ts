import type { OpenAPIObject } from 'openapi3-ts/oas31'
import { describe, expect, test } from 'vitest'
import { hostsOf, isLoopback } from '../../routes/access.ts'
import { plus } from '../../src/market/time.ts'
import type { Scope } from '../../src/ports/tokens.ts'
import { manualClock } from '../support/manualClock.ts'
import { Journal } from '../support/twins/table.ts'
import { memoryTokens } from '../support/twins/tokens.ts'
import { appOf, NOW, TOKEN, tokensOf } from './memory.ts'
import { type Documented, documented, exampleBody, exampleUrl } from './requests.ts'

/** The rule of the contract, written down a second time: what each operation needs, by its method and path. */
function scopeOf({ method, path }: Documented): Scope | null {
  if (path === '/health/live') return null
  if (/^\/v1\/(tokens|audit)(\/|$)/.test(path)) return 'admin'
  if (/^\/v1\/(webhooks|deliveries)(\/|$)/.test(path)) return 'trade'
  if (method === 'GET') return 'read'
  return /^\/v1\/(backtests|sweeps|walk-forwards)(\/|$)/.test(path) ? 'read' : 'trade'
}

const clock = manualClock(NOW)
const tokens = tokensOf(memoryTokens(new Journal()), clock)
const issue = async (...scopes: Scope[]) => tokens.issue({ name: 'a test', scopes, expiresAt: null })
const secrets: Record<Scope, string> = {
  read: (await issue('read')).secret,
  trade: (await issue('trade')).secret,
  admin: (await issue('admin')).secret,
}
const all = (await issue('read', 'trade', 'admin')).secret
const expired = await tokens.issue({
  name: 'a test',
  scopes: ['read', 'trade', 'admin'],
  expiresAt: plus(NOW, 1),
})
const revoked = await issue('read', 'trade', 'admin')
await tokens.revoke(revoked.token.id)
await clock.advance(1)

const hosts = ['localhost', 'bars.example:9000']
const onLoopback = appOf({ tokens, access: { openReads: true, hosts } })
const elsewhere = appOf({ tokens, access: { openReads: false, hosts } })
const document = (await (await onLoopback.request('/openapi.json')).json()) as OpenAPIObject

const verdictOf = ({ status }: Response): number | 'admitted' =>
  [401, 403, 421, 429].includes(status) ? status : 'admitted'

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

const INVALID = {
  'no token': {},
  'a token that nobody made': bearer(TOKEN),
  'a token with a wrong checksum': bearer(`${all.slice(0, -1)}${all.endsWith('A') ? 'B' : 'A'}`),
  'half a token': bearer(all.slice(0, 20)),
  'a token in another scheme': { authorization: `Basic ${all}` },
  'an expired token': bearer(expired.secret),
  'a revoked token': bearer(revoked.secret),
}

for (const described of documented(document)) {
  const { method, path, operation } = described
  const scope = scopeOf(described)
  const { headers: type, ...body } = exampleBody(described)
  const ask = async (app: typeof elsewhere, headers: Record<string, string>) =>
    verdictOf(await app.request(exampleUrl(described), { method, headers: { ...type, ...headers }, ...body }))
  const isOpenOnLoopback = scope === null || scope === 'read'

  describe(`${method} ${path}`, () => {
    test('the document says which scope it needs', () => {
      const needs = scope === null ? [] : [{ token: [scope] }]
      expect(operation.security).toEqual(scope === 'read' ? [{}, ...needs] : needs)
    })

    test.each(Object.entries(INVALID))('%s', async (_, headers) => {
      expect(await ask(onLoopback, headers)).toBe(isOpenOnLoopback ? 'admitted' : 401)
      expect(await ask(elsewhere, headers)).toBe(scope === null ? 'admitted' : 401)
    })

    test.each(Object.entries(secrets))('a token of the scope %s alone', async (own, secret) => {
      const isRight = scope === null || own === scope
      expect(await ask(onLoopback, bearer(secret))).toBe(isOpenOnLoopback || isRight ? 'admitted' : 403)
      expect(await ask(elsewhere, bearer(secret))).toBe(isRight ? 'admitted' : 403)
    })

    test.each([onLoopback, elsewhere])('an unknown Host is 421 whatever comes with it', async (app) => {
      for (const host of ['evil.example', 'localhost:81', 'localhost.evil.example', 'bars.example', '']) {
        expect(await ask(app, { ...bearer(all), host })).toBe(421)
      }
      expect(await ask(app, { ...bearer(all), host: 'LocalHost' })).toBe('admitted')
    })

    test.each([
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:8080' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost' },
    ])('a foreign page (%o) may not change anything', async (headers) => {
      for (const app of [onLoopback, elsewhere]) {
        expect(await ask(app, { ...bearer(all), ...headers })).toBe(method === 'GET' ? 'admitted' : 403)
      }
    })

    test.each([
      { origin: 'http://localhost' },
      { origin: 'https://localhost', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ])('our own page (%o) may', async (headers) => {
      expect(await ask(elsewhere, { ...bearer(all), ...headers })).toBe('admitted')
    })
  })
}

test('a refusal says why, and what would do', async () => {
  const asked = (secret: string) => onLoopback.request('/v1/tokens', { headers: bearer(secret) })
  const told = async (secret: string) => {
    const answer = await asked(secret)
    return [answer.headers.get('www-authenticate'), ((await answer.json()) as { detail: string }).detail]
  }
  expect(await told(expired.secret)).toEqual(['Bearer error="invalid_token"', 'The token has expired.'])
  expect(await told(revoked.secret)).toEqual(['Bearer error="invalid_token"', 'The token has been revoked.'])
  expect(await told(secrets.trade)).toEqual([
    'Bearer error="insufficient_scope", scope="admin"',
    'The token lacks the scope "admin".',
  ])
})

test('an unknown path tells nothing to who may not read', async () => {
  expect((await elsewhere.request('/v1/nothing')).status).toBe(401)
  expect((await onLoopback.request('/v1/nothing')).status).toBe(404)
  expect((await onLoopback.request('/v1/nothing', { method: 'POST' })).status).toBe(401)
})

test('a wrong method is told which ones are right', async () => {
  const headers = bearer(all)
  const answer = await onLoopback.request('/v1/instruments/SPY', { method: 'PUT', headers })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('GET, PATCH, HEAD')
  expect((await onLoopback.request('/v1/jobs/a/runs')).headers.get('allow')).toBe('POST')
})

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.7', false],
  ['127.0.0.1.evil.example', false],
])('%s: loopback is %s', (host, is) => {
  expect(isLoopback(host)).toBe(is)
})

test('a service is known by its own names and those that are allowed', () => {
  expect(hostsOf('::1', ['Bars.Example'])).toEqual(['localhost', '127.0.0.1', '[::1]', 'bars.example'])
  expect(hostsOf('10.0.0.7', [])).toContain('10.0.0.7')
})
