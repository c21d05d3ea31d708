import type { AccountValue } from './account.ts'
import { VALID_EXCHANGES } from './contract.ts'
import { asciiText, type Message } from './fields.ts'
import type { Listing } from './listings.ts'
import { EXCHANGE_ZONE } from './wireTime.ts'

/** The server's half of the handshake: the one message without an id. */
export const serverHello = (version: number, connectionTime: string): Message => [version, connectionTime]

/** Sent with errors and notices that belong to no request. */
export const NO_ID = -1

export const error = (id: number, code: number, text: string): Message => [
  4,
  2,
  id,
  code,
  asciiText(text),
  '',
]

export const managedAccounts = (accounts: readonly string[]): Message => [15, 1, accounts.join(',')]

export const nextValidId = (id: number): Message => [9, 1, id]

export const currentTime = (seconds: string): Message => [49, 1, seconds]

export const positionEnd = (): Message => [62, 1]

export const openOrderEnd = (): Message => [53, 1]

export const completedOrdersEnd = (): Message => [102]

export const executionsEnd = (requestId: number): Message => [55, 1, requestId]

export const accountValue = ({ key, value, currency }: AccountValue, account: string): Message => [
  6,
  2,
  key,
  value,
  currency,
  account,
]

export const accountUpdateTime = (minuteOfDay: string): Message => [8, 1, minuteOfDay]

export const accountDownloadEnd = (account: string): Message => [54, 1, account]

export const accountSummary = (
  requestId: number,
  account: string,
  { key, value, currency }: AccountValue,
): Message => [63, 1, requestId, account, key, value, currency]

export const accountSummaryEnd = (requestId: number): Message => [64, 1, requestId]

export const accountUpdateMulti = (
  requestId: number,
  account: string,
  model: string,
  { key, value, currency }: AccountValue,
): Message => [73, 1, requestId, account, model, key, value, currency]

export const accountUpdateMultiEnd = (requestId: number): Message => [74, 1, requestId]

export const positionMultiEnd = (requestId: number): Message => [72, 1, requestId]

export const headTimestamp = (requestId: number, time: string): Message => [88, requestId, time]

export const contractDataEnd = (requestId: number): Message => [52, 1, requestId]

export interface TradingHours {
  /** `20260601:0930-20260601:1600;20260606:CLOSED`. */
  readonly trading: string
  readonly liquid: string
}

/** Levels at which a field joined the contract's description. */
const LAST_TRADE_DATE = 182
const INELIGIBILITY_REASONS = 186

export function contractData(
  requestId: number,
  version: number,
  { symbol, conId, primaryExchange, longName, stockType }: Listing,
  hours: TradingHours,
): Message {
  return [
    ...[10, requestId, symbol, 'STK', ''],
    ...(version >= LAST_TRADE_DATE ? [''] : []),
    ...['0', '', 'SMART', 'USD', symbol, symbol, symbol, conId, '0.01', ''],
    ...[
      'ACTIVETIM,AD,ADJUST,ALERT,ALLOC,AVGCOST,BASKET,DAY,GTC,IOC,LMT,MKT,STP,STPLMT,TRAIL',
      VALID_EXCHANGES,
    ],
    ...[1, 0, asciiText(longName), primaryExchange, '', '', '', '', EXCHANGE_ZONE],
    ...[hours.trading, hours.liquid, '', '0', 0, 1, '', '', MARKET_RULES, '', stockType, '1', '1', '100'],
    ...(version >= INELIGIBILITY_REASONS ? [0] : []),
  ]
}

/** The rule of each valid exchange: 26 is the one-cent grid of US stocks. */
const MARKET_RULES = VALID_EXCHANGES.split(',')
  .map(() => 26)
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

/** `rows` are the bars, joined already: `date open high low close volume wap count` each, NUL between all of them. */
export const historicalData = (
  requestId: number,
  start: string,
  end: string,
  count: number,
  rows: string,
): Message => [17, requestId, start, end, count, rows]

export interface ScheduledSession {
  readonly start: string
  readonly end: string
  readonly date: string
}

export const historicalSchedule = (
  requestId: number,
  start: string,
  end: string,
  sessions: readonly ScheduledSession[],
): Message => [
  ...[106, requestId, start, end, EXCHANGE_ZONE, sessions.length],
  ...sessions.flatMap((session) => [session.start, session.end, session.date]),
]
