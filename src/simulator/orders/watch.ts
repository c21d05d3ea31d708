import { lowerBound } from '../../market/series.ts'
import { type Session, sessionOn } from '../../market/session.ts'
import { type EpochMs, epochMs, later, SECOND_MS } from '../../market/time.ts'
import type { MarketBars } from '../market.ts'
import { hoursOf } from './hours.ts'
import type { Order } from './order.ts'
import { isAtClose, isLimited, isStop, isTrailing } from './terms.ts'
import { trailed } from './trail.ts'

/** What an order looks for in the bars of a day. */
export class Watch {
  readonly #order: Order
  readonly #reel: MarketBars
  readonly #from: EpochMs
  readonly #to: EpochMs
  /** The first bar that it can trade in, and the last one of the session. */
  readonly #first: number
  readonly #last: number
  readonly #isMet: (low: number, high: number) => boolean

  constructor(order: Order, reel: MarketBars, { date }: Session) {
    const hours = sessionOn(date, hoursOf(order.terms))!
    this.#order = order
    this.#reel = reel
    this.#from = later(order.activeFrom!, hours.from)
    this.#to = hours.to
    this.#first = lowerBound(
      reel.bars,
      epochMs(Math.ceil(this.#from / SECOND_MS) * SECOND_MS - reel.stepMs + SECOND_MS),
    )
    this.#last = lowerBound(reel.bars, hours.to) - 1
    this.#isMet = priceTest(order)
  }

  /** Whether bar `i` may mean something: nothing is missed, little is looked at in vain. To be asked bar after bar. */
  mayMeet(i: number): boolean {
    const { bars } = this.#reel
    if (i < this.#first || i > this.#last || (isAtClose(this.#order.terms) && i !== this.#last)) return false
    return this.#isMet(bars.low[i]!, bars.high[i]!)
  }

  /** Whether the order can trade in the second at `time`, of bar `i`. */
  hears(i: number, time: EpochMs): boolean {
    const isTime = time >= this.#from && time < this.#to
    return isTime && (!isAtClose(this.#order.terms) || i === this.#last)
  }

  /** Whether it comes to the market with bar `i`: it has rested in none of the session before. */
  isNew(i: number): boolean {
    return i === this.#first
  }
}

/** Whether a bar of these prices may trade the order. Of a trailing one the bars are seen one after the other. */
function priceTest(order: Order): (low: number, high: number) => boolean {
  const { terms } = order
  const isSale = terms.action === 'SELL'
  if (terms.timeInForce === 'IOC') return () => true
  if (isStop(terms) && !order.isTriggered) {
    if (isTrailing(terms)) return trailingTest(order)
    const stop = terms.auxPrice!
    return isSale ? (low) => low <= stop : (_low, high) => high >= stop
  }
  if (!isLimited(terms)) return () => true
  const limit = order.trailLimit ?? terms.limitPrice!
  return isSale ? (_low, high) => high >= limit : (low) => low <= limit
}

function trailingTest({ terms, trailStop }: Order): (low: number, high: number) => boolean {
  const isSale = terms.action === 'SELL'
  let stop = trailStop
  return (low, high) => {
    stop = trailed(terms, stop, isSale ? high : low)
    return isSale ? low <= stop : high >= stop
  }
}
