import type { FieldReader } from './fields.ts'
import { type Listing, listingOf, listingOfConId } from './listings.ts'

/** A contract as a client names it; fields that only derivatives use are read over. */
export interface ContractQuery {
  readonly conId: number
  readonly symbol: string
  readonly secType: string
  readonly exchange: string
  readonly primaryExchange: string
  readonly currency: string
}

/** Reads the twelve fields of a contract: `conId` to `tradingClass`. */
export function readContract(fields: FieldReader): ContractQuery {
  const [conId, symbol, secType] = [fields.integer(), fields.text(), fields.text()]
  fields.skip(4) // last trade date, strike, right, multiplier
  const [exchange, primaryExchange, currency] = [fields.text(), fields.text(), fields.text()]
  fields.skip(2) // local symbol, trading class
  return { conId, symbol, secType, exchange, primaryExchange, currency }
}

const EXCHANGES: readonly string[] = [
  'SMART',
  'ARCA',
  'NYSE',
  'NASDAQ',
  'ISLAND',
  'BATS',
  'IEX',
  'AMEX',
  'BYX',
  'EDGEA',
  'BEX',
  'PSX',
  'CHX',
  'MEMX',
]

export const VALID_EXCHANGES = EXCHANGES.join(',')

/** The listing that a query names without doubt, or null (TWS error 200). */
export function resolve(query: ContractQuery): Listing | null {
  const found = query.conId > 0 ? listingOfConId(query.conId) : listingOf(query.symbol)
  if (!found || (query.symbol !== '' && query.symbol !== found.symbol)) return null
  const isStock = query.secType === 'STK' || (query.secType === '' && query.conId > 0)
  const isTraded = query.exchange === '' || EXCHANGES.includes(query.exchange)
  const isHere = query.primaryExchange === '' || EXCHANGES.includes(query.primaryExchange)
  return isStock && isTraded && isHere && (query.currency === '' || query.currency === 'USD') ? found : null
}
