import type { ErrorKind } from '../errors.ts'

/**
 * What a message code of TWS makes the gateway do. One table for all codes, so that none is met twice with two minds.
 * Source: IB "Message Codes"; the texts behind 162 are told apart in `historicalFailure`.
 */
export type CodeAction =
  | { readonly does: 'note' }
  | { readonly does: 'failRequest'; readonly kind: ErrorKind }
  | { readonly does: 'historicalFailure' }
  | { readonly does: 'link'; readonly link: 'down' | 'upDataLost' | 'upDataKept' }
  | { readonly does: 'farm'; readonly farm: Farm; readonly state: 'ok' | 'inactive' | 'broken' }
  | { readonly does: 'reconnect'; readonly afterMs: number }

export type Farm = 'marketData' | 'historical' | 'securityDefinition'

const note: CodeAction = { does: 'note' }
const refuse: CodeAction = { does: 'failRequest', kind: 'refused' }
const retryLater: CodeAction = { does: 'failRequest', kind: 'unavailable' }
const farm = (name: Farm, state: 'ok' | 'inactive' | 'broken'): CodeAction => ({
  does: 'farm',
  farm: name,
  state,
})

/** A stale client may hold its id for up to a minute after a cut: patience, never another id. */
const CLIENT_ID_HELD_MS = 10_000

const ACTIONS: Readonly<Record<number, CodeAction>> = {
  100: retryLater, // more than 50 messages a second
  101: refuse, // market-data lines used up
  102: refuse, // duplicate ticker id
  162: { does: 'historicalFailure' },
  165: note, // historical service, informational
  200: refuse, // no security definition
  300: note, // cancel of an unknown ticker
  310: note,
  320: retryLater, // server error when reading the request
  321: refuse, // request not valid
  322: retryLater, // server error when processing the request
  326: { does: 'reconnect', afterMs: CLIENT_ID_HELD_MS }, // client id in use
  354: refuse, // market data not subscribed
  366: note, // cancel of a query that has ended
  420: retryLater, // real-time query not allowed now
  502: { does: 'reconnect', afterMs: 0 }, // the library reports any socket error as this
  503: refuse, // TWS too old
  504: retryLater, // not connected
  506: refuse, // unsupported version
  507: { does: 'reconnect', afterMs: 0 }, // bad message length
  1100: { does: 'link', link: 'down' },
  1101: { does: 'link', link: 'upDataLost' },
  1102: { does: 'link', link: 'upDataKept' },
  1300: { does: 'reconnect', afterMs: 0 }, // the API port was changed
  2103: farm('marketData', 'broken'),
  2104: farm('marketData', 'ok'),
  2105: farm('historical', 'broken'),
  2106: farm('historical', 'ok'),
  2107: farm('historical', 'inactive'),
  2108: farm('marketData', 'inactive'),
  2110: { does: 'link', link: 'down' },
  2157: farm('securityDefinition', 'broken'),
  2158: farm('securityDefinition', 'ok'),
  2174: note, // date without a zone
  10187: retryLater,
  10197: retryLater, // another session uses the market data
  10314: refuse, // bad end date
}

/** The action of a code; a code that is in no table is noted when it concerns nobody, else fails its request. */
export function actionOf(code: number, concernsRequest: boolean): CodeAction {
  return ACTIONS[code] ?? (concernsRequest && !isWarning(code) ? retryLater : note)
}

/** IB: codes from 2100 to 2199 are warnings. */
const isWarning = (code: number): boolean => code >= 2100 && code < 2200

/** What one of the many texts behind code 162 means. */
export type HistoricalFailure = 'pacing' | 'noData' | 'cancelled' | 'invalid' | 'permission' | 'unknown'

const HISTORICAL_TEXTS: readonly (readonly [RegExp, HistoricalFailure])[] = [
  [/pacing violation/i, 'pacing'],
  [/returned no data/i, 'noData'],
  [/query cancelled/i, 'cancelled'],
  [/invalid step|invalid (duration|bar size)/i, 'invalid'],
  [/no market data permissions|different ip address/i, 'permission'],
]

export function historicalFailure(text: string): HistoricalFailure {
  return HISTORICAL_TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown'
}
