import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, parseInstant, plus } from '../../../src/market/time.ts'
import { type Answer, retryAfterMs, verdictOf } from '../../../src/webhook/verdict.ts'

const NOW = parseInstant('2026-01-05T10:00:00Z')
const middle = () => 0.5
const answered = (response: number | null, retryAfter: number | null = null): Answer => ({
  response,
  error: response === null ? 'the connection was refused' : null,
  retryAfterMs: retryAfter,
})
/** How long it waits after so many tries. */
const waitMs = (answer: Answer, tries = 0, random = middle): number => {
  const verdict = verdictOf(answer, tries, NOW, random)
  return verdict.kind === 'retry' ? verdict.at - NOW : Number.NaN
}

test.each([200, 201, 202, 204, 299])('%i is delivered', (status) => {
  expect(verdictOf(answered(status), 0, NOW, middle)).toEqual({ kind: 'delivered' })
})

test.each([100, 199, 300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503, 599, null])(
  '%s is not',
  (status) => {
    expect(verdictOf(answered(status), 0, NOW, middle)).toMatchObject({ kind: 'retry' })
  },
)

test('410 ends it at once, however many tries are left', () => {
  expect(verdictOf(answered(410), 0, NOW, middle)).toEqual({ kind: 'gone', reason: 'it answered 410 Gone' })
})

test('ten tries fill 75.6 hours', () => {
  const waits = Array.from({ length: 9 }, (_, tries) => waitMs(answered(500), tries))
  expect(waits.slice(0, 3)).toEqual([5_000, 5 * MINUTE_MS, 30 * MINUTE_MS])
  expect(waits.slice(3).map((wait) => wait / HOUR_MS)).toEqual([2, 5, 10, 14, 20, 24])
  expect(waits.reduce((sum, wait) => sum + wait, 0) / HOUR_MS).toBeCloseTo(75.58, 2)
  expect(verdictOf(answered(500), 9, NOW, middle)).toEqual({
    kind: 'exhausted',
    reason: '10 tries have failed, the last with the answer 500',
  })
  expect(verdictOf(answered(null), 9, NOW, middle)).toMatchObject({
    reason: '10 tries have failed, the last with the connection was refused',
  })
})

test('a fifth is added or taken away, so that those who failed together are not tried together', () => {
  expect(waitMs(answered(500), 1, () => 0)).toBe(4 * MINUTE_MS)
  expect(waitMs(answered(500), 1, () => 1 - Number.EPSILON)).toBe(6 * MINUTE_MS)
})

test.each([429, 502, 503, 504])('after %i, Retry-After counts where it is longer, up to a day', (status) => {
  expect(waitMs(answered(status, HOUR_MS))).toBe(HOUR_MS)
  expect(waitMs(answered(status, 1_000))).toBe(5_000)
  expect(waitMs(answered(status, 9 * DAY_MS))).toBe(DAY_MS)
})

test.each([500, 400, 301])('after %i, Retry-After means nothing', (status) => {
  expect(waitMs(answered(status, HOUR_MS))).toBe(5_000)
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Mon, 05 Jan 2026 10:05:00 GMT', 300_000],
  ['Mon, 05 Jan 2026 09:00:00 GMT', null],
  ['soon', null],
  ['-5', null],
  ['1e3', null],
  ['99999999999999999999', null],
  ['Mon, 99 Jan 2026 10:05:00 GMT', null],
  [undefined, null],
])('Retry-After: %s is %s ms', (text, ms) => {
  expect(retryAfterMs(text, NOW)).toBe(ms)
  expect(plus(NOW, 0)).toBe(NOW)
})
