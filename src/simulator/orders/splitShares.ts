import { dayNumberOf } from '../../market/calendarDate.ts'
import type { EpochMs } from '../../market/time.ts'
import { newYorkInstant } from '../../market/zone.ts'
import type { MarketSource } from '../market.ts'
import type { Split } from '../splits.ts'
import type { Floor } from './floor.ts'
import * as lifecycle from './lifecycle.ts'

/** The splits of a symbol that are still to come, the next one first. */
export const splitsAfter = ({ splits }: MarketSource, symbol: string, at: EpochMs): Split[] =>
  splits(symbol)
    .filter((split) => beginOf(split) > at)
    .toSorted((a, b) => beginOf(a) - beginOf(b))

/** A split is made at midnight in New York. */
export const beginOf = ({ date }: Split): EpochMs => newYorkInstant(dayNumberOf(date), 0)

/** What is held becomes as many shares as the split makes of it. IB: orders that are open then are cancelled. */
export function splitShares(floor: Floor, { symbol, ratio }: Split): void {
  for (const order of floor.orders.open)
    if (order.terms.symbol === symbol && order.isLive) lifecycle.cancel(floor, order, CANCELLED_BY_SPLIT)
  for (const book of floor.books.all) {
    const { quantity, averageCost } = book.position(symbol)
    if (quantity !== 0)
      book.setPosition({ symbol, quantity: quantity * ratio, averageCost: averageCost / ratio })
  }
}

const CANCELLED_BY_SPLIT = 'Order cancelled due to a corporate action.'
