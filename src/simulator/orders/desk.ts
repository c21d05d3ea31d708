import { Commissions } from '../../execution/costs.ts'
import { type Clock, type EpochMs, floorTo, SECOND_MS } from '../../market/time.ts'
import { listingOf } from '../listings.ts'
import type { MarketSource } from '../market.ts'
import { toStep } from '../quotes.ts'
import type { Tws } from '../tws.ts'
import { completedOrderOf } from './completed.ts'
import type { OrderEvent, OrderListener } from './events.ts'
import { Fates } from './fate.ts'
import * as lifecycle from './lifecycle.ts'
import { Matcher } from './matcher.ts'
import type { Order } from './order.ts'
import { OrderList } from './orderList.ts'
import { PermIds } from './permIds.ts'
import type { OrderTerms } from './terms.ts'

/** What trades for an order in one second. */
export interface Shares {
  readonly quantity: number
  readonly price: number
  readonly time: EpochMs
  /** In US dollars. */
  readonly commission: number
}

/** IB's desk: takes orders, brings them to the market and keeps them, whether or not anybody is connected. */
export class Desk {
  readonly orders = new OrderList()
  readonly fates = new Fates()
  readonly permIds: PermIds
  readonly #tws: Tws
  readonly #matchers = new Map<string, Matcher>()
  readonly #listeners = new Set<OrderListener>()
  #moment: EpochMs | null = null

  constructor(tws: Tws) {
    this.#tws = tws
    this.permIds = new PermIds(tws.books.all)
  }

  get clock(): Clock {
    return this.#tws.clock
  }

  get market(): MarketSource {
    return this.#tws.market
  }

  now(): EpochMs {
    return this.#tws.now()
  }

  /** The instant of what happens: after a jump of the clock what is made up for lies before now. */
  at(): EpochMs {
    return this.#moment ?? this.now()
  }

  /** Does what falls on an instant. */
  happen(at: EpochMs, work: () => void): void {
    const before = this.#moment
    this.#moment = at
    try {
      work()
    } finally {
      this.#moment = before
    }
  }

  /** Calls `listener` with all that happens to orders. Returns what ends that. */
  onEvent(listener: OrderListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  tell(event: OrderEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }

  /** Lets everything happen that is due by now. To be called before orders are looked at or changed. */
  settle(): void {
    for (const matcher of this.#matchers.values()) matcher.advance()
  }

  /** Takes an order in. Until it is transmitted nobody but its client knows of it. */
  accept(order: Order, isTransmitted: boolean): void {
    this.#matcherOf(order)
    this.orders.add(order)
    if (isTransmitted) this.transmit(order)
  }

  /** Sends an order on its way, and with it those of its bracket that were kept for it. */
  transmit(order: Order): void {
    const parent = this.parentOf(order)
    const first = parent?.phase === 'kept' ? parent : order
    for (const each of [first, ...this.orders.childrenOf(first)])
      if (each.isLive && !each.isSent) this.#send(each)
    this.changed()
  }

  change(order: Order, terms: OrderTerms): void {
    lifecycle.change(this, order, terms)
    this.changed()
  }

  /** Somebody wants an order cancelled. It is when IB hears of it, unless it is filled before. */
  cancel(order: Order, reason = ''): void {
    const { isFilledOnCancel = false, cancelLagMs = 0 } = order.fate
    const isLate = this.isCutOff(order.clientId) && order.hold !== 'link'
    if (isFilledOnCancel || isLate || cancelLagMs > 0) lifecycle.pend(this, order)
    if (isFilledOnCancel) this.#fillAtOnce(order)
    else if (cancelLagMs > 0) this.clock.after(cancelLagMs, () => this.#cancelNow(order, reason))
    else if (!isLate) this.#cancelNow(order, reason)
    this.changed()
  }

  #cancelNow(order: Order, reason: string): void {
    this.settle()
    if (order.isLive) lifecycle.cancel(this, order, reason)
    this.changed()
  }

  /** TWS has found IB again: what it has been told meanwhile goes on its way. */
  linkRestored(): void {
    this.settle()
    for (const order of this.orders.live) {
      if (order.hold === 'link' && !this.isCutOff(order.clientId)) lifecycle.letGo(this, order)
      if (order.isCancelling && order.isLive) lifecycle.cancel(this, order)
    }
    this.changed()
  }

  /** What has held an order is over. */
  letGo(order: Order): void {
    this.settle()
    if (order.isLive && order.hold !== null) lifecycle.letGo(this, order)
    this.changed()
  }

  /** TWS has restarted: it has forgotten what it was not to transmit yet. */
  restarted(): void {
    for (const order of this.orders.live)
      if (order.phase === 'kept' && !order.isSent) this.orders.retire(order)
  }

  /** Orders are not what they were: matchers look anew for what comes next. */
  changed(): void {
    for (const matcher of this.#matchers.values()) matcher.arm()
  }

  parentOf({ clientId, terms }: Order): Order | null {
    return this.orders.ofClient(clientId, terms.parentId)
  }

  /** Whether TWS has lost IB, for the client that ordered. */
  isCutOff(clientId: number): boolean {
    const client = this.#tws.clients.get(clientId)
    return client !== undefined && this.#tws.isCutOff(client)
  }

  /** The most shares that one order gets of a second's volume. */
  mostOf(volume: number): number {
    return Math.max(1, Math.floor(volume * this.#tws.switches.fillShare))
  }

  /** What IBKR has charged for all that an order has traded so far. Its least is charged once. */
  commissionOf({ terms, filled, averagePrice }: Order, time: EpochMs): number {
    const side = terms.action === 'BUY' ? 'buy' : 'sell'
    const charge = { time, side, quantity: filled, price: averagePrice } as const
    return toStep(new Commissions('ibkr-fixed').charge(charge))
  }

  /** Enters what has traded for an order into the account's books. */
  book(order: Order, { quantity, price, time, commission }: Shares): void {
    const { symbol, action, orderRef } = order.terms
    const { id } = this.#tws.books.record(order.fate.account ?? order.account, {
      ...{ time, symbol, side: action === 'BUY' ? 'BOT' : 'SLD', quantity, price, commission },
      ...{ exchange: listingOf(symbol)!.primaryExchange, clientId: order.clientId, orderId: order.orderId },
      ...{ permId: order.permId, orderRef },
    })
    const { correction } = order.fate
    if (!correction) return
    const corrected = {
      quantity: Math.round(quantity * correction.share),
      price: toStep(price + correction.priceChange),
    }
    this.clock.after(correction.afterMs, () => this.#tws.books.correct(id, corrected))
  }

  /** An order is filled or cancelled: it joins those of the day. */
  complete(order: Order): void {
    this.orders.retire(order)
    this.#tws.books.named(order.account)!.complete(completedOrderOf(order))
  }

  #send(order: Order): void {
    order.isSent = true
    const { lagMs = 0 } = order.fate
    if (lagMs === 0) lifecycle.transmit(this, order)
    else this.clock.after(lagMs, () => this.#show(order))
  }

  /** What TWS has read long ago is to be seen at last. */
  #show(order: Order): void {
    this.settle()
    if (order.phase === 'kept') lifecycle.transmit(this, order)
    this.changed()
  }

  #fillAtOnce(order: Order): void {
    const price = order.terms.limitPrice ?? this.#tws.prices.last(order.terms.symbol)
    if (price !== null)
      lifecycle.fill(this, order, order.mostOf(order.remaining), price, floorTo(this.now(), SECOND_MS))
  }

  #matcherOf({ terms: { symbol } }: Order): void {
    if (!this.#matchers.has(symbol)) this.#matchers.set(symbol, new Matcher(this, symbol))
  }
}
