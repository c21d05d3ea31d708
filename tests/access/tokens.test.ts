import { beforeEach, describe, expect, test } from 'vitest'
import { SECRET_BYTES, secretOf } from '../../src/access/secret.ts'
import type { Tokens } from '../../src/access/tokens.ts'
import { AppError, unavailable } from '../../src/errors.ts'
import { plus, SECOND_MS } from '../../src/market/time.ts'
import type { TokenStore } from '../../src/ports/tokens.ts'
import { NOW, tokensOf } from '../openapi/memory.ts'
import { type ManualClock, manualClock } from '../support/manualClock.ts'
import { Journal } from '../support/twins/table.ts'
import { memoryTokens } from '../support/twins/tokens.ts'

let clock: ManualClock
let store: TokenStore
let here: Tokens
let there: Tokens

beforeEach(() => {
  clock = manualClock(NOW)
  store = memoryTokens(new Journal())
  here = tokensOf(store, clock)
  there = tokensOf(store, clock)
})

const issue = (expiresAt = null as ReturnType<typeof plus> | null) =>
  here.issue({ name: 'mine', scopes: ['read'], expiresAt })
const kindOf = async (tokens: Tokens, secret: string) => (await tokens.present(secret)).kind

test('a token is known in every process as soon as it is made', async () => {
  expect(await kindOf(there, secretOf(new Uint8Array(SECRET_BYTES)))).toBe('unknown')
  const { token, secret } = await issue()
  expect(await there.present(secret)).toEqual({ kind: 'token', token })
  expect(token).toMatchObject({ name: 'mine', scopes: ['read'], createdAt: NOW, expiresAt: null })
})

test('a token that is revoked is refused here at once, and within a second everywhere', async () => {
  const { token, secret } = await issue()
  expect(await kindOf(there, secret)).toBe('token')
  await here.revoke(token.id)
  expect(await kindOf(here, secret)).toBe('revoked')
  await clock.advance(SECOND_MS)
  expect(await kindOf(there, secret)).toBe('revoked')
})

test('a token ends at its instant, also where it was read before', async () => {
  const { secret } = await issue(plus(NOW, 100))
  await clock.advance(99)
  expect(await kindOf(here, secret)).toBe('token')
  await clock.advance(1)
  expect(await kindOf(here, secret)).toBe('expired')
  await clock.advance(SECOND_MS)
  expect(await kindOf(here, secret)).toBe('expired')
})

test('what cannot be a token is not looked up, and the live ones are read at most twice a second', async () => {
  const reads: string[] = []
  const counted: TokenStore = {
    ...store,
    live: (now) => {
      reads.push('live')
      return store.live(now)
    },
    withDigest: (digest) => {
      reads.push('digest')
      return store.withDigest(digest)
    },
  }
  const tokens = tokensOf(counted, clock)
  expect(await kindOf(tokens, 'ipe_guess')).toBe('unknown')
  expect(reads).toEqual([])
  const { secret } = await issue()
  for (let i = 0; i < 100; i++) {
    expect(await kindOf(tokens, secret)).toBe('token')
    await clock.advance(10)
  }
  expect(reads).toEqual(['live', 'live'])
})

test('the last use is noted, once a minute', async () => {
  const { secret } = await issue()
  const lastUse = async () => (await store.list({ limit: 1 }))[0]!.lastUsedAt
  await here.present(secret)
  expect(await lastUse()).toBe(NOW)
  await clock.advance(59_000)
  await here.present(secret)
  expect(await lastUse()).toBe(NOW)
  await clock.advance(1_000)
  await here.present(secret)
  expect(await lastUse()).toBe(plus(NOW, 60_000))
})

describe('while the database is away', () => {
  test('nobody is taken for anybody, and afterwards all is as before', async () => {
    const { secret } = await issue()
    let isAway = true
    const live: TokenStore['live'] = async (now) => {
      if (isAway) throw unavailable('the database does not answer')
      return store.live(now)
    }
    const tokens = tokensOf({ ...store, live }, clock)
    await expect(tokens.present(secret)).rejects.toThrow(AppError)
    isAway = false
    expect(await kindOf(tokens, secret)).toBe('token')
  })

  test('a use that cannot be noted holds nobody up', async () => {
    const { secret } = await issue()
    const touch = () => Promise.reject(unavailable('the database does not answer'))
    expect(await kindOf(tokensOf({ ...store, touch }, clock), secret)).toBe('token')
  })
})

test('a token made elsewhere has every scope, until it is revoked', async () => {
  const secret = secretOf(new Uint8Array(SECRET_BYTES))
  expect(await here.adopt(secret, 'a file')).toBe(true)
  const presented = await there.present(secret)
  expect(presented).toMatchObject({ kind: 'token', token: { scopes: ['read', 'trade', 'admin'] } })
  await here.revoke((presented as { token: { id: string } }).token.id)
  expect(await here.adopt(secret, 'a file')).toBe(false)
})

test('the 201st token in use is refused, and one that is revoked makes room', async () => {
  const made = []
  for (let i = 0; i < 200; i++) made.push(await issue())
  await expect(issue()).rejects.toMatchObject({ kind: 'conflict' })
  await here.revoke(made[7]!.token.id)
  await issue()
})
