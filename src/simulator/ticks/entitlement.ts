import { sessionAt } from '../../market/session.ts'
import { type EpochMs, MINUTE_MS, plus } from '../../market/time.ts'
import type { Listing } from '../listings.ts'
import type { Switches } from '../switches.ts'

/** 1 live · 2 frozen · 3 delayed · 4 delayed and frozen: what a client asks for with message 59, and what it is told. */
export type DataType = 1 | 2 | 3 | 4

/** What TWS says instead of live data. */
interface Said {
  readonly code: number
  readonly text: string
}

/** Whether quotes come, and what is said of them before or instead. */
export type Entitlement =
  | { readonly kind: 'live' }
  | { readonly kind: 'delayed'; readonly notice: Said }
  | { readonly kind: 'none'; readonly refusal: Said }

const DELAY_MS = 15 * MINUTE_MS

/** What a client gets that has asked for `type`. Who is entitled to live data gets them whatever it asked for. */
export function entitlementTo(
  type: DataType,
  { delayedData, delayedAvailable }: Switches,
  listing: Listing,
): Entitlement {
  if (!delayedData) return { kind: 'live' }
  const wantsDelayed = type >= 3
  if (wantsDelayed && delayedAvailable) return { kind: 'delayed', notice: SHOWN_DELAYED }
  if (wantsDelayed) return { kind: 'none', refusal: NOT_ENABLED }
  return { kind: 'none', refusal: delayedAvailable ? needsSubscription(listing) : NOT_SUBSCRIBED }
}

/** The type that data have at `at`: frozen only where that was asked for, and the market is closed. */
export function typeAt(at: EpochMs, asked: DataType, isDelayed: boolean): DataType {
  const isFrozen = (asked === 2 || asked === 4) && sessionAt(at, 'all') === null
  return isDelayed ? (isFrozen ? 4 : 3) : isFrozen ? 2 : 1
}

/** The market time whose data are shown at `now`. */
export const shownAt = (now: EpochMs, isDelayed: boolean): EpochMs => (isDelayed ? plus(now, -DELAY_MS) : now)

const SHOWN_DELAYED = {
  code: 10167,
  text: 'Requested market data is not subscribed. Displaying delayed market data.',
}

const NOT_ENABLED = {
  code: 10168,
  text: 'Requested market data is not subscribed. Delayed market data is not enabled.',
}

const NOT_SUBSCRIBED = { code: 354, text: 'Requested market data is not subscribed.' }

const needsSubscription = ({ symbol, primaryExchange }: Listing): Said => ({
  code: 10089,
  text:
    'Requested market data requires additional subscription for API. See link in ' +
    `'Market Data Connections' dialog for more details.Delayed market data is available.${symbol} ${primaryExchange}/TOP/ALL`,
})

/** What ends the refusal of data that are never delayed. */
export const noPermissions = ({ primaryExchange }: Listing): string =>
  `No market data permissions for ${primaryExchange} STK`
