import { expect, test } from 'vitest'
import { actionOf, historicalFailure } from '../../../src/gateway/errorCodes.ts'

const PREFIX = 'Historical Market Data Service error message:'
const TEXTS = [
  [`${PREFIX}Historical data request pacing violation`, 'pacing'],
  [`${PREFIX}HMDS query returned no data: SPY@ARCA Trades`, 'noData'],
  [`${PREFIX}API historical data query cancelled: 1000000003`, 'cancelled'],
  [`${PREFIX}invalid step: 1 secs`, 'invalid'],
  [`${PREFIX}No market data permissions for ARCA STK`, 'permission'],
  [`${PREFIX}Trading TWS session is connected from a different IP address`, 'competing'],
  [`${PREFIX}something new`, 'unknown'],
] as const

for (const [text, failure] of TEXTS) {
  test(`162 with "${text.slice(PREFIX.length)}" means ${failure}`, () => {
    expect(historicalFailure(text)).toBe(failure)
  })
}

/** Every code of IB's message list that the product may meet: whether it names a request, and what it does. */
const note = { does: 'note' }
const fails = (kind: string) => ({ does: 'failRequest', kind })
const farm = (name: string, state: string) => ({ does: 'farm', farm: name, state })
const flag = (name: string, kind: string | null) => ({ does: 'flag', flag: name, kind })
const CODES: Record<number, object> = {
  100: fails('unavailable'),
  101: fails('refused'),
  102: fails('refused'),
  103: note,
  104: note,
  105: note,
  107: note,
  110: note,
  135: note,
  161: note,
  162: { does: 'historicalFailure' },
  165: note,
  200: fails('refused'),
  201: note,
  202: note,
  300: note,
  310: note,
  321: fails('refused'),
  322: fails('unavailable'),
  326: { does: 'reconnect', afterMs: 10_000 },
  354: fails('refused'),
  366: note,
  399: note,
  404: note,
  420: fails('throttled'),
  434: note,
  460: note,
  492: note,
  502: { does: 'reconnect', afterMs: 0 },
  503: fails('refused'),
  504: fails('unavailable'),
  505: { does: 'countUnread' },
  506: fails('refused'),
  507: { does: 'reconnect', afterMs: 0 },
  1100: { does: 'link', link: 'down' },
  1101: { does: 'link', link: 'upDataLost' },
  1102: { does: 'link', link: 'upDataKept' },
  1300: { does: 'reconnect', afterMs: 0 },
  2100: note,
  2103: farm('marketData', 'broken'),
  2104: farm('marketData', 'ok'),
  2105: farm('historical', 'broken'),
  2106: farm('historical', 'ok'),
  2107: farm('historical', 'inactive'),
  2108: farm('marketData', 'inactive'),
  2109: note,
  2110: { does: 'link', link: 'down' },
  2150: note,
  2157: farm('securityDefinition', 'broken'),
  2158: farm('securityDefinition', 'ok'),
  2174: note,
  10090: note,
  10147: note,
  10148: note,
  10167: flag('delayed', null),
  10168: flag('delayed', 'refused'),
  10187: fails('unavailable'),
  10189: fails('unavailable'),
  10190: fails('unavailable'),
  10197: flag('competing', 'unavailable'),
  10225: fails('unavailable'),
  10314: fails('refused'),
  10349: note,
}

for (const [code, action] of Object.entries(CODES)) {
  test(`code ${code} does what the table says, whether or not it names a request`, () => {
    expect(actionOf(Number(code), true)).toEqual(action)
    expect(actionOf(Number(code), false)).toEqual(action)
  })
}

test('321 tells a read-only API by its text', () => {
  const text = 'Error validating request: The API interface is currently in Read-Only mode.'
  expect(actionOf(321, true, text)).toEqual({ does: 'flag', flag: 'readOnly', kind: 'refused' })
})

test('an unknown code fails the request that it names, and is only noted otherwise', () => {
  expect(actionOf(99_999, true)).toEqual({ does: 'failRequest', kind: 'unavailable' })
  expect(actionOf(99_999, false)).toEqual({ does: 'note' })
})
