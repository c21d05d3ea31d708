import { nextSession, type Session, type SessionKind, sessionAt } from '../../market/session.ts'
import { type EpochMs, epochMs } from '../../market/time.ts'
import { parseEndTime } from '../wireTime.ts'
import type { OrderTerms } from './terms.ts'

/** The types that may trade outside regular hours; for all others the attribute is ignored (2109). */
const EXTENDED: readonly string[] = ['LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT']

export const mayTradeOutside = ({ orderType }: Pick<OrderTerms, 'orderType'>): boolean =>
  EXTENDED.includes(orderType)

/** The hours in which an order trades. */
export const hoursOf = (terms: OrderTerms): SessionKind =>
  terms.outsideRth && mayTradeOutside(terms) ? 'all' : 'rth'

/** The session in which an order can trade first. */
export const firstSession = (terms: OrderTerms, at: EpochMs): Session =>
  sessionAt(at, hoursOf(terms)) ?? nextSession(at, hoursOf(terms))

/** When an order ends of itself; null for never. */
export function expiryOf(terms: OrderTerms, placedAt: EpochMs): EpochMs | null {
  if (terms.timeInForce === 'GTC') return null
  if (terms.timeInForce === 'GTD') return goodTill(terms.goodTillDate)
  return firstSession(terms, placedAt).to
}

/** Reads a `goodTillDate`; a date alone is good until that day ends in New York. Null when it is none. */
export function goodTill(text: string): EpochMs | null {
  const isDate = /^\d{8}$/.test(text)
  const end = parseEndTime(isDate ? `${text} 23:59:59 US/Eastern` : text)
  return end && epochMs(end.at)
}
