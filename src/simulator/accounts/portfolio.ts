import type { EpochMs } from '../../market/time.ts'
import type { Execution, Position } from '../account.ts'
import type { Book } from './book.ts'
import type { Prices } from './prices.ts'
import { signedQuantity } from './settle.ts'

/** A position at the market's price. Amounts in US dollars. */
export interface Holding extends Position {
  /** A share's; the average cost where the market has no price. */
  readonly price: number
  readonly value: number
  readonly unrealizedPnl: number
  /** Of today's trades, after commissions. */
  readonly realizedPnl: number
  /** Since the last close: of what was held then, and of what was traded since. */
  readonly dailyPnl: number
}

/** What is held, and what was today. */
export function holdings(book: Book, prices: Prices, now: EpochMs): Holding[] {
  const today = book.finalExecutionsOn(now)
  return symbolsOf(book, now).map((symbol) => holdingOf(book.position(symbol), today, prices))
}

/** The symbols of what is held, and of what was today. */
export const symbolsOf = (book: Book, now: EpochMs): string[] => [
  ...new Set([...book.positions, ...book.finalExecutionsOn(now)].map(({ symbol }) => symbol)),
]

/** One position at the market's price, also when nothing is held. */
export const holding = (book: Book, symbol: string, prices: Prices, now: EpochMs): Holding =>
  holdingOf(book.position(symbol), book.finalExecutionsOn(now), prices)

function holdingOf(position: Position, today: readonly Execution[], prices: Prices): Holding {
  const { symbol, quantity, averageCost } = position
  const trades = today.filter((execution) => execution.symbol === symbol)
  const price = prices.last(symbol) ?? averageCost
  const heldBefore = quantity - sum(trades, signedQuantity)
  const paid = sum(trades, (trade) => signedQuantity(trade) * trade.price + trade.commission)
  return {
    ...position,
    price,
    value: quantity * price,
    unrealizedPnl: quantity * (price - averageCost),
    realizedPnl: sum(trades, ({ realizedPnl }) => realizedPnl ?? 0),
    dailyPnl: quantity * price - heldBefore * (prices.previousClose(symbol) ?? price) - paid,
  }
}

export const sum = <T>(items: readonly T[], amountOf: (item: T) => number): number =>
  items.reduce((total, item) => total + amountOf(item), 0)
