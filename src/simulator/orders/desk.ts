import { Commissions } from '../../execution/costs.ts'
import type { Clock, EpochMs } from '../../market/time.ts'
import { listingOf } from '../listings.ts'
import type { MarketSource } from '../market.ts'
import { toStep } from '../quotes.ts'
import type { Tws } from '../tws.ts'
import { completedOrderOf } from './completed.ts'
import type { OrderEvent, OrderListener } from './events.ts'
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
  readonly permIds: PermIds
  readonly #tws: Tws
  readonly #matchers = new Map<string, Matcher>()
  readonly #listeners = new Set<OrderListener>()

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
      if (each.phase === 'kept') lifecycle.transmit(this, each, this.now())
    this.changed()
  }

  change(order: Order, terms: OrderTerms): void {
    lifecycle.change(this, order, terms, this.now())
    this.changed()
  }

  cancel(order: Order, reason = ''): void {
    lifecycle.cancel(this, order, reason, this.now())
    this.changed()
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
    this.#tws.books.record(order.account, {
      ...{ time, symbol, side: action === 'BUY' ? 'BOT' : 'SLD', quantity, price, commission },
      ...{ exchange: listingOf(symbol)!.primaryExchange, clientId: order.clientId, orderId: order.orderId },
      ...{ permId: order.permId, orderRef },
    })
  }

  /** An order is filled or cancelled: it joins those of the day. */
  complete(order: Order): void {
    this.orders.retire(order)
    this.#tws.books.named(order.account)!.complete(completedOrderOf(order))
  }

  #matcherOf({ terms: { symbol } }: Order): void {
    if (!this.#matchers.has(symbol)) this.#matchers.set(symbol, new Matcher(this, symbol))
  }
}
