import type { OrderTerms } from './terms.ts'

/** Where the stop of a trailing order stands once a price has been seen: it follows the market and never goes back. */
export function trailed(terms: OrderTerms, stop: number | null, price: number): number {
  const distance = terms.auxPrice ?? (price * (terms.trailingPercent ?? 0)) / 100
  const own = toCent(terms.action === 'SELL' ? price - distance : price + distance)
  const begun = stop ?? terms.trailStopPrice
  if (begun === null) return own
  return terms.action === 'SELL' ? Math.max(begun, own) : Math.min(begun, own)
}

const toCent = (price: number): number => Math.round(price * 100) / 100
