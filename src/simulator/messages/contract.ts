import { VALID_EXCHANGES } from '../contract.ts'
import { asciiText, type Message } from '../fields.ts'
import type { Listing } from '../listings.ts'
import { EXCHANGE_ZONE } from '../wireTime.ts'

export interface TradingHours {
  /** `20260601:0930-20260601:1600;20260606:CLOSED`. */
  readonly trading: string
  readonly liquid: string
}

export interface DescribedListing extends Listing {
  /** The one that was asked for. */
  readonly exchange: string
}

/** Levels at which a field joined the contract's description. */
const LAST_TRADE_DATE = 182
const INELIGIBILITY_REASONS = 186

export function contractData(
  requestId: number,
  version: number,
  { symbol, conId, primaryExchange, longName, stockType, exchange }: DescribedListing,
  hours: TradingHours,
): Message {
  return [
    ...[10, requestId, symbol, 'STK', ''],
    ...(version >= LAST_TRADE_DATE ? [''] : []),
    ...['0', '', exchange, 'USD', symbol, symbol, symbol, conId, '0.01', ''],
    ...[
      'ACTIVETIM,AD,ADJUST,ALERT,ALLOC,AVGCOST,BASKET,DAY,GTC,IOC,LMT,MKT,STP,STPLMT,TRAIL',
      VALID_EXCHANGES,
    ],
    ...[1, 0, asciiText(longName), primaryExchange, '', '', '', '', EXCHANGE_ZONE],
    ...[hours.trading, hours.liquid, '', '0', 0, 1, '', '', MARKET_RULES, '', stockType, '1', '1', '100'],
    ...(version >= INELIGIBILITY_REASONS ? [0] : []),
  ]
}

/** What ends a list of options, of which there are none here. */
export const optionParametersEnd = (requestId: number): Message => [76, requestId]

export const contractDataEnd = (requestId: number): Message => [52, 1, requestId]

/** The number of the market rule of US stocks. */
export const ONE_CENT_RULE = 26

/** The rule of each valid exchange. */
const MARKET_RULES = VALID_EXCHANGES.split(',')
  .map(() => ONE_CENT_RULE)
  .join(',')

export const marketRule = (id: number, lowEdge: string, increment: string): Message => [
  93,
  id,
  1,
  lowEdge,
  increment,
]

export const symbolSamples = (requestId: number, found: readonly Listing[]): Message => [
  79,
  requestId,
  found.length,
  ...found.flatMap(({ conId, symbol, primaryExchange, longName }) => [
    ...[conId, symbol, 'STK', primaryExchange, 'USD', 0, asciiText(longName), ''],
  ]),
]
