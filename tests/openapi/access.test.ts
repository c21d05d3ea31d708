import { describe, expect, test } from 'vitest'
import { hostsOf, isLoopback } from '../../routes/access.ts'
import { operationsOf, routesOf } from '../../routes/routes.ts'
import { appOf, depsOf, TOKEN } from './memory.ts'

/** The rule of the contract, written down a second time. */
const CHANGES = [
  'addInstrument',
  'changeInstrument',
  'addBackfill',
  'cancelBackfill',
  'runJob',
  'importBars',
  'excludeBar',
  'releaseBar',
]
/** Changes that need no token on loopback, and yet no foreign page may make. */
const COMPUTES = ['addBacktest', 'removeBacktest']
const OPEN = ['getLiveness']

const hosts = ['localhost', 'bars.example:9000']
const onLoopback = appOf({ access: { token: TOKEN, openReads: true, hosts } })
const elsewhere = appOf({ access: { token: TOKEN, openReads: false, hosts } })

const tokens = {
  'no token': {},
  'a bad token': { authorization: 'Bearer ipe_tesu' },
  'the token in another scheme': { authorization: `Basic ${TOKEN}` },
  'the token': { authorization: `Bearer ${TOKEN}` },
}

const verdictOf = (status: number): number | 'admitted' =>
  [401, 403, 421].includes(status) ? status : 'admitted'

for (const { operationId, method, path } of operationsOf(routesOf(depsOf()))) {
  describe(operationId, () => {
    const ask = async (app: typeof elsewhere, headers: Record<string, string>) => {
      const url = path
        .replace('{symbol}', 'SPY')
        .replace('{id}', '1')
        .replace('{name}', 'a')
        .replace('{file}', 'x')
      return verdictOf((await app.request(url, { method: method.toUpperCase(), headers })).status)
    }
    const changes = CHANGES.includes(operationId)
    const isForeignRefused = changes || COMPUTES.includes(operationId)

    test.each(Object.entries(tokens))('%s', async (name, headers) => {
      const isRight = name === 'the token'
      expect(await ask(onLoopback, headers)).toBe(isRight || !changes ? 'admitted' : 401)
      expect(await ask(elsewhere, headers)).toBe(isRight || OPEN.includes(operationId) ? 'admitted' : 401)
    })

    test.each([onLoopback, elsewhere])('an unknown Host is 421 whatever comes with it', async (app) => {
      for (const host of ['evil.example', 'localhost:81', 'localhost.evil.example', 'bars.example', '']) {
        expect(await ask(app, { ...tokens['the token'], host })).toBe(421)
      }
      expect(await ask(app, { ...tokens['the token'], host: 'LocalHost' })).toBe('admitted')
    })

    test.each([
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:8080' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost' },
    ])('a foreign page (%o) may not change anything', async (headers) => {
      for (const app of [onLoopback, elsewhere]) {
        expect(await ask(app, { ...tokens['the token'], ...headers })).toBe(
          isForeignRefused ? 403 : 'admitted',
        )
      }
    })

    test.each([
      { origin: 'http://localhost' },
      { origin: 'https://localhost', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ])('our own page (%o) may', async (headers) => {
      expect(await ask(elsewhere, { ...tokens['the token'], ...headers })).toBe('admitted')
    })
  })
}

test('an unknown path tells nothing to who may not read', async () => {
  expect((await elsewhere.request('/v1/nothing')).status).toBe(401)
  expect((await onLoopback.request('/v1/nothing')).status).toBe(404)
  expect((await onLoopback.request('/v1/nothing', { method: 'POST' })).status).toBe(401)
})

test('a wrong method is told which ones are right', async () => {
  const headers = tokens['the token']
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
