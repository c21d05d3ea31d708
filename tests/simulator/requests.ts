import type { Message } from '../../src/simulator/fields.ts'
import { stock } from './rawClient.ts'

export interface QuoteWish {
  readonly symbol?: string
  readonly generic?: string
  readonly snapshot?: boolean
}

/** A request for quotes of SPY when nothing else is wished. */
export const quoteRequest = (
  id: number,
  { symbol = 'SPY', generic = '', snapshot = false }: QuoteWish = {},
): Message => [...[1, 11, id, ...stock(symbol), false, generic, snapshot, false, '']]

export const barRequest = (id: number, what = 'TRADES', rth = true, symbol = 'SPY'): Message => [
  ...[50, 3, id, ...stock(symbol), 5, what, rth, ''],
]

export const tickRequest = (
  id: number,
  type: string,
  count = 0,
  ignoreSize = false,
  symbol = 'SPY',
): Message => [...[97, id, ...stock(symbol), type, count, ignoreSize]]

export interface PastWish {
  readonly start?: string
  readonly end?: string
  readonly count?: number
  readonly what?: string
  readonly rth?: boolean
  readonly ignoreSize?: boolean
}

export const pastRequest = (id: number, wish: PastWish): Message => [
  ...[96, id, ...stock('SPY'), false, wish.start ?? '', wish.end ?? '', wish.count ?? 10],
  ...[wish.what ?? 'TRADES', wish.rth ?? true, wish.ignoreSize ?? false, ''],
]
