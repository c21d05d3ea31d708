import { toStep } from '../quotes.ts'
import type { Tick } from '../ticks/tick.ts'
import type { Order } from './order.ts'
import type { Second } from './second.ts'
import { isAtClose, isLimited, isStop, isTrailing } from './terms.ts'
import { trailed } from './trail.ts'

/** A moment within a second at which an order may trade. */
interface Offer {
  readonly bid: number
  readonly ask: number
}

/**
 * The price at which an order trades in a second, or null. Buys pay the ask, sales get the bid. An order that has just
 * come to the market trades at what is quoted; a limit that has rested there trades at its limit. Notes when its stop is
 * reached.
 */
export function priceIn(order: Order, second: Second, isNew: boolean): number | null {
  const { terms } = order
  if (isAtClose(terms)) return priceOf(order, [quoteOf(second.ticks.at(-1)!)], true)
  if (!isStop(terms) || order.isTriggered) return priceOf(order, second.ticks.map(quoteOf), isNew)
  const reached = stopIn(order, second)
  if (reached === null) return null
  order.isTriggered = true
  const offers = [around(reached.tick, reached.print), ...second.ticks.slice(reached.at).map(quoteOf)]
  order.trailLimit = trailLimitOf(order)
  return priceOf(order, offers, true)
}

const quoteOf = ({ quote }: Tick): Offer => quote

/** The quote of a tick, moved to another price. */
const around = ({ price, quote }: Tick, print: number): Offer => ({
  bid: toStep(print - (price - quote.bid)),
  ask: toStep(print + (quote.ask - price)),
})

function priceOf({ terms, trailLimit }: Order, offers: readonly Offer[], isNew: boolean): number | null {
  const isBuy = terms.action === 'BUY'
  const [first] = offers
  if (!isLimited(terms)) return first ? (isBuy ? first.ask : first.bid) : null
  const limit = trailLimit ?? terms.limitPrice!
  const met = offers.find(({ bid, ask }) => (isBuy ? ask <= limit : bid >= limit))
  if (!met) return null
  return isNew && met === first ? (isBuy ? met.ask : met.bid) : limit
}

interface Reached {
  readonly at: number
  readonly tick: Tick
  readonly print: number
}

/**
 * Where a second first reaches the order's stop. Prices pass from one tick to the next; a first one that lies beyond the
 * stop has jumped it: a gap is paid.
 */
function stopIn(order: Order, { ticks, before }: Second): Reached | null {
  let last = before
  for (const [at, tick] of ticks.entries()) {
    const stop = stopFor(order, tick.price)
    const isBeyond = (price: number) => (order.terms.action === 'SELL' ? price <= stop : price >= stop)
    if (isBeyond(tick.price)) return { at, tick, print: last === null || isBeyond(last) ? tick.price : stop }
    if (isTrailing(order.terms)) order.trailStop = trailed(order.terms, order.trailStop, tick.price)
    last = tick.price
  }
  return null
}

function stopFor(order: Order, price: number): number {
  if (!isTrailing(order.terms)) return order.terms.auxPrice!
  order.trailStop ??= trailed(order.terms, null, price)
  return order.trailStop
}

/** A trailing limit gets its limit when its stop is reached. */
function trailLimitOf({ terms, trailStop }: Order): number | null {
  if (terms.orderType !== 'TRAIL LIMIT') return null
  const offset = terms.limitOffset ?? 0
  return toStep(trailStop! + (terms.action === 'SELL' ? -offset : offset))
}
