import type { Position } from '../account.ts'
import type { Holding } from '../accounts/portfolio.ts'
import type { AccountValue } from '../accounts/values.ts'
import type { Field, Message } from '../fields.ts'
import { listingOf } from '../listings.ts'

export const managedAccounts = (accounts: readonly string[]): Message => [15, 1, accounts.join(',')]

export const accountValue = (account: string, { key, value, currency }: AccountValue): Message => [
  ...[6, 2, key, value, currency, account],
]

/** `primaryExch` stands where other messages have the exchange. */
export const portfolioValue = (account: string, holding: Holding): Message => {
  const { symbol, quantity, price, value, averageCost, unrealizedPnl, realizedPnl } = holding
  const amounts = [price, value, averageCost, unrealizedPnl, realizedPnl].map(decimal)
  return [7, 8, ...stockFields(symbol, listingOf(symbol)!.primaryExchange), quantity, ...amounts, account]
}

/** `minute` is `hh:mm`. */
export const accountUpdateTime = (minute: string): Message => [8, 1, minute]

export const accountDownloadEnd = (account: string): Message => [54, 1, account]

export const position = (account: string, { symbol, quantity, averageCost }: Position): Message => [
  ...[61, 3, account, ...stockFields(symbol, ''), quantity, decimal(averageCost)],
]

export const positionEnd = (): Message => [62, 1]

export const positionMulti = (requestId: number, model: string, account: string, held: Position): Message => [
  ...[71, 1, requestId, account, ...stockFields(held.symbol, '')],
  ...[held.quantity, decimal(held.averageCost), model],
]

export const positionMultiEnd = (requestId: number): Message => [72, 1, requestId]

export const accountSummary = (
  requestId: number,
  account: string,
  { key, value, currency }: AccountValue,
): Message => [63, 1, requestId, account, key, value, currency]

export const accountSummaryEnd = (requestId: number): Message => [64, 1, requestId]

export const accountUpdateMulti = (
  requestId: number,
  model: string,
  account: string,
  { key, value, currency }: AccountValue,
): Message => [73, 1, requestId, account, model, key, value, currency]

export const accountUpdateMultiEnd = (requestId: number): Message => [74, 1, requestId]

/** Amounts in US dollars. */
export interface Pnl {
  readonly dailyPnl: number
  readonly unrealizedPnl: number
  readonly realizedPnl: number
}

export const pnl = (requestId: number, { dailyPnl, unrealizedPnl, realizedPnl }: Pnl): Message => [
  ...[94, requestId, decimal(dailyPnl), decimal(unrealizedPnl), decimal(realizedPnl)],
]

export const pnlSingle = (requestId: number, held: Holding): Message => [
  ...[95, requestId, held.quantity, decimal(held.dailyPnl), decimal(held.unrealizedPnl)],
  ...[decimal(held.realizedPnl), decimal(held.value)],
]

/** The eleven fields of a stock: `conId` to `tradingClass`. Of a stock, TWS leaves the derivative's fields so. */
export function stockFields(symbol: string, exchange: string): Field[] {
  const { conId } = listingOf(symbol)!
  return [conId, symbol, 'STK', '', '0', '', '', exchange, 'USD', symbol, symbol]
}

/** Without the tails of binary fractions. */
const decimal = (amount: number): number => Math.round(amount * 1e6) / 1e6
