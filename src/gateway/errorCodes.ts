import type { ErrorKind } from '../errors.ts'
import { isOrderCode, isWarning } from './orderCodes.ts'

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
  /** A condition of the whole connection; a request that it names fails with `kind`, unless that is null. */
  | { readonly does: 'flag'; readonly flag: GatewayFlag; readonly kind: ErrorKind | null }
  /** The library could not read a message; many of them end the connection. */
  | { readonly does: 'countUnread' }

export type Farm = 'marketData' | 'historical' | 'securityDefinition'
export type GatewayFlag = 'competing' | 'delayed' | 'readOnly'

const note: CodeAction = { does: 'note' }
const refuse: CodeAction = { does: 'failRequest', kind: 'refused' }
const retryLater: CodeAction = { does: 'failRequest', kind: 'unavailable' }
const reconnect = (afterMs: number): CodeAction => ({ does: 'reconnect', afterMs })
const linkUp = (link: 'upDataLost' | 'upDataKept'): CodeAction => ({ does: 'link', link })
const linkDown: CodeAction = { does: 'link', link: 'down' }
const farm = (name: Farm, state: 'ok' | 'inactive' | 'broken'): CodeAction => ({
  does: 'farm',
  farm: name,
  state,
})
const flag = (name: GatewayFlag, kind: ErrorKind | null): CodeAction => ({ does: 'flag', flag: name, kind })

/** One of the texts behind 162 says the same as 10197. */
export const COMPETING = flag('competing', 'unavailable')
export const CLIENT_ID_IN_USE = 326
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
  321: refuse, // request not valid; the text tells a read-only API apart
  322: retryLater, // server error when processing the request
  [CLIENT_ID_IN_USE]: reconnect(CLIENT_ID_HELD_MS),
  354: refuse, // market data not subscribed
  366: note, // cancel of a query that has ended
  420: { does: 'failRequest', kind: 'throttled' }, // real-time query not allowed now
  492: note, // a part of the data is not subscribed
  502: reconnect(0), // the library reports any socket error as this
  503: refuse, // TWS too old
  504: retryLater, // not connected
  505: { does: 'countUnread' },
  506: refuse, // unsupported version
  507: reconnect(0), // bad message length
  1100: linkDown,
  1101: linkUp('upDataLost'),
  1102: linkUp('upDataKept'),
  1300: reconnect(0), // the API port was changed
  2100: note, // account updates went to another client
  2103: farm('marketData', 'broken'),
  2104: farm('marketData', 'ok'),
  2105: farm('historical', 'broken'),
  2106: farm('historical', 'ok'),
  2107: farm('historical', 'inactive'),
  2108: farm('marketData', 'inactive'),
  2110: linkDown,
  2150: note, // invalid derived trade value
  2157: farm('securityDefinition', 'broken'),
  2158: farm('securityDefinition', 'ok'),
  2174: note, // date without a zone
  10090: note, // a part of the data is not subscribed
  10167: flag('delayed', null),
  10168: flag('delayed', 'refused'),
  10187: retryLater,
  10189: retryLater,
  10190: retryLater,
  10197: COMPETING,
  10225: retryLater, // real-time bars were ended: subscribe anew
  10314: refuse, // bad end date
}

const READ_ONLY = /read-?only/i

/** The action of a code; a code that is in no table is noted when it concerns nobody, else fails its request. */
export function actionOf(code: number, concernsRequest: boolean, text = ''): CodeAction {
  if (code === 321 && READ_ONLY.test(text)) return flag('readOnly', 'refused')
  if (isOrderCode(code)) return note
  return ACTIONS[code] ?? (concernsRequest && !isWarning(code) ? retryLater : note)
}

/** What one of the many texts behind code 162 means. */
export type HistoricalFailure =
  | 'pacing'
  | 'noData'
  | 'cancelled'
  | 'invalid'
  | 'permission'
  | 'competing'
  | 'unknown'

const HISTORICAL_TEXTS: readonly (readonly [RegExp, HistoricalFailure])[] = [
  [/pacing violation/i, 'pacing'],
  [/returned no data/i, 'noData'],
  [/query cancelled/i, 'cancelled'],
  [/invalid step|invalid (duration|bar size)/i, 'invalid'],
  [/no market data permissions/i, 'permission'],
  [/different ip address/i, 'competing'],
]

export function historicalFailure(text: string): HistoricalFailure {
  return HISTORICAL_TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown'
}
