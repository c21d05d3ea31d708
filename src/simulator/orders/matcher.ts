import { lowerBound } from '../../market/series.ts'
import { nextSession, type Session, sessionAt, sessionOn, sessionsBetween } from '../../market/session.ts'
import { DAY_MS, type EpochMs, epochMs, later, plus, SECOND_MS, type TimeRange } from '../../market/time.ts'
import type { MarketBars } from '../market.ts'
import type { Split } from '../splits.ts'
import type { Floor } from './floor.ts'
import { firstSession, hoursOf } from './hours.ts'
import * as lifecycle from './lifecycle.ts'
import { priceIn } from './match.ts'
import type { Order } from './order.ts'
import { type Second, secondsOf } from './second.ts'
import { beginOf, splitShares, splitsAfter } from './splitShares.ts'
import { isTrailing } from './terms.ts'
import { trailed } from './trail.ts'
import { Watch } from './watch.ts'

/** Something that is going to happen to the orders of a symbol. */
interface Due {
  readonly at: EpochMs
  readonly run: () => void
}

/**
 * Matches the orders of one symbol against its seconds, each when it is over. It waits for the next second that can mean
 * something to one of them: an order that rests for a day costs no timer but that one.
 */
export class Matcher {
  readonly #floor: Floor
  readonly #symbol: string
  /** Those to come. */
  #splits: Split[]
  /** All that has traded before is matched. */
  #until: EpochMs
  /** What it waits for. */
  #due: Due | null = null
  #disarm = () => {}
  #isBusy = false

  constructor(floor: Floor, symbol: string) {
    this.#floor = floor
    this.#symbol = symbol
    this.#until = floor.now()
    this.#splits = splitsAfter(floor.market, symbol, this.#until)
  }

  /** Begins where an earlier one ended. */
  resume(since: EpochMs): void {
    this.#until = since
    this.#splits = splitsAfter(this.#floor.market, this.#symbol, since)
  }

  /** Lets everything happen that is due by now, in its order. */
  advance(): void {
    if (this.#isBusy) return
    if (this.#isDue(this.#due)) this.#run(this.#due)
    else this.#pass(this.#lastOver())
  }

  /** Looks for what comes next, and waits for it. */
  arm(): void {
    if (this.#isBusy) return
    this.#disarm()
    this.#due = this.#next()
    if (this.#due === null) return
    const delayMs = Math.max(0, this.#due.at - this.#floor.now())
    this.#disarm = this.#floor.wake(delayMs, () => this.#wake())
  }

  /** A timer may come a moment early. */
  #wake(): void {
    if (this.#isDue(this.#due)) this.#run(this.#due)
    else this.arm()
  }

  #isDue(due: Due | null): due is Due {
    return due !== null && due.at <= this.#floor.now()
  }

  #run(first: Due): void {
    this.#isBusy = true
    try {
      for (let due: Due | null = first; this.#isDue(due); due = this.#next())
        this.#floor.happen(due.at, due.run)
      this.#pass(this.#lastOver())
    } finally {
      this.#isBusy = false
    }
    this.#floor.changed()
  }

  /** The instant up to which seconds are over. */
  #lastOver(): EpochMs {
    const now = this.#floor.now()
    return epochMs(now - (now % SECOND_MS))
  }

  get #orders(): Order[] {
    return this.#floor.orders.live.filter(
      ({ terms, phase }) => terms.symbol === this.#symbol && phase !== 'kept',
    )
  }

  #next(): Due | null {
    const orders = this.#orders
    // Of what falls on one instant the trade comes first: a session's last second may fill what then expires.
    const dues = [
      this.#nextTrade(orders),
      this.#nextExpiry(orders),
      this.#nextOpening(orders),
      this.#nextSplit(),
    ]
    return dues.reduce((first, due) => (first && (!due || first.at <= due.at) ? first : due))
  }

  #nextSplit(): Due | null {
    const [split] = this.#splits
    if (!split) return null
    const run = () => {
      this.#splits.shift()
      splitShares(this.#floor, split)
    }
    return { at: beginOf(split), run }
  }

  #nextExpiry(orders: readonly Order[]): Due | null {
    const expiring = orders.filter(({ expiresAt }) => expiresAt !== null)
    if (expiring.length === 0) return null
    const order = expiring.reduce((first, other) => (first.expiresAt! <= other.expiresAt! ? first : other))
    return {
      at: order.expiresAt!,
      run: () => lifecycle.cancel(this.#floor, order, 'Expired'),
    }
  }

  #nextOpening(orders: readonly Order[]): Due | null {
    const dues = orders.flatMap((order): Due[] => {
      if (order.phase !== 'resting') return []
      const { from } = firstSession(order.terms, order.activeFrom!)
      return [{ at: later(from, order.activeFrom!), run: () => lifecycle.open(this.#floor, order) }]
    })
    return dues.reduce<Due | null>((first, due) => (first && first.at <= due.at ? first : due), null)
  }

  /** The next second that may mean something to an order, or when to look again for one. */
  #nextTrade(all: readonly Order[]): Due | null {
    const orders = all.filter(({ phase, isWorking }) => isWorking || phase === 'resting')
    if (orders.length === 0) return null
    const kind = orders.some(({ terms }) => hoursOf(terms) === 'all') ? 'all' : 'rth'
    const session = sessionAt(this.#until, kind)
    if (session === null) return this.#lookAgain(nextSession(this.#until, kind).from)
    return this.#nextTradeIn(session, orders) ?? this.#lookAgain(session.to)
  }

  #lookAgain(at: EpochMs): Due {
    return { at, run: () => this.#pass(at) }
  }

  #nextTradeIn(session: Session, orders: readonly Order[]): Due | null {
    const reel = this.#barsOf(session)
    const { bars, stepMs, end } = reel
    const watches = orders.map((order) => new Watch(order, reel, session))
    const first = Math.max(reel.first, firstFrom(reel, this.#until))
    for (let i = first; i < end && bars.time[i]! < session.to; i++) {
      if (!anyMayMeet(watches, i)) continue
      const second = secondsOf(this.#symbol, bars.at(i), stepMs).find(({ time }) => time >= this.#until)
      if (second)
        return { at: plus(second.time, SECOND_MS), run: () => this.#meet({ session, reel, i, second }) }
    }
    return null
  }

  #barsOf({ date }: Session): MarketBars {
    return this.#floor.market.bars(this.#symbol, sessionOn(date, 'all')!, 'all', DAY_MS)
  }

  #meet(met: Met): void {
    this.#pass(met.second.time)
    for (const order of this.#orders) this.#meetOne(order, met)
    this.#until = plus(met.second.time, SECOND_MS)
  }

  #meetOne(order: Order, { session, reel, i, second }: Met): void {
    const watch = new Watch(order, reel, session)
    if (!order.isWorking || !watch.hears(i, second.time)) return
    const wasTriggered = order.isTriggered
    const price = priceIn(order, second, watch.isNew(i))
    if (order.isTriggered && !wasTriggered) this.#floor.tell({ kind: 'order', order })
    const quantity = order.mostOf(this.#floor.mostOf(second.volume))
    if (price !== null) lifecycle.fill(this.#floor, order, quantity, price, second.time)
    if (order.terms.timeInForce === 'IOC' && order.isLive) lifecycle.cancel(this.#floor, order, '')
  }

  /** Nothing before `to` means more to the orders than that trailing stops follow it. */
  #pass(to: EpochMs): void {
    const trailing = this.#orders.filter(
      ({ terms, isWorking, isTriggered }) => isTrailing(terms) && isWorking && !isTriggered,
    )
    const range = { from: this.#until, to }
    for (const session of trailing.length > 0 && range.from < to ? sessionsBetween(range, 'all') : [])
      for (const order of trailing) this.#follow(order, session, range)
    this.#until = later(this.#until, to)
  }

  /** Lets a trailing stop follow all that has traded in a range. */
  #follow(order: Order, session: Session, { from, to }: TimeRange): void {
    const reel = this.#barsOf(session)
    const watch = new Watch(order, reel, session)
    for (let i = firstFrom(reel, from); i < reel.end && reel.bars.time[i]! < to; i++)
      for (const { time, ticks } of secondsOf(this.#symbol, reel.bars.at(i), reel.stepMs))
        if (time >= from && time < to && watch.hears(i, time))
          for (const { price } of ticks) order.trailStop = trailed(order.terms, order.trailStop, price)
  }
}

/** A second with its bar, and the session of that. */
interface Met {
  readonly session: Session
  readonly reel: MarketBars
  readonly i: number
  readonly second: Second
}

/** Each is asked of each bar: a trailing one follows them. */
function anyMayMeet(watches: readonly Watch[], i: number): boolean {
  let isMet = false
  for (const watch of watches) if (watch.mayMeet(i)) isMet = true
  return isMet
}

/** The first bar that is not over at an instant. */
const firstFrom = ({ bars, stepMs }: MarketBars, at: EpochMs): number =>
  lowerBound(bars, epochMs(at - stepMs + 1))
