import { expect, test } from 'vitest'
import { actionOf, historicalFailure } from '../../../src/gateway/errorCodes.ts'

const PREFIX = 'Historical Market Data Service error message:'
const TEXTS = [
  [`${PREFIX}Historical data request pacing violation`, 'pacing'],
  [`${PREFIX}HMDS query returned no data: SPY@ARCA Trades`, 'noData'],
  [`${PREFIX}API historical data query cancelled: 1000000003`, 'cancelled'],
  [`${PREFIX}invalid step: 1 secs`, 'invalid'],
  [`${PREFIX}No market data permissions for ARCA STK`, 'permission'],
  [`${PREFIX}Trading TWS session is connected from a different IP address`, 'permission'],
  [`${PREFIX}something new`, 'unknown'],
] as const

for (const [text, failure] of TEXTS) {
  test(`162 with "${text.slice(PREFIX.length)}" means ${failure}`, () => {
    expect(historicalFailure(text)).toBe(failure)
  })
}

test('an inactive farm is no broken farm', () => {
  expect(actionOf(2107, false)).toEqual({ does: 'farm', farm: 'historical', state: 'inactive' })
  expect(actionOf(2105, false)).toEqual({ does: 'farm', farm: 'historical', state: 'broken' })
})

test('a held client id waits and never moves to another id', () => {
  expect(actionOf(326, false)).toEqual({ does: 'reconnect', afterMs: 10_000 })
})

test('an unknown code fails the request that it names, and is only noted otherwise', () => {
  expect(actionOf(99_999, true)).toEqual({ does: 'failRequest', kind: 'unavailable' })
  expect(actionOf(99_999, false)).toEqual({ does: 'note' })
})
