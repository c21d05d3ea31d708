import { Commissions } from '../../execution/costs.ts'
import type { Clock, EpochMs } from '../../market/time.ts'
import type { Books } from '../accounts/books.ts'
import { listingOf } from '../listings.ts'
import type { MarketSource } from '../market.ts'
import { toStep } from '../quotes.ts'
import type { Tws } from '../tws.ts'
import { completedOrderOf } from './completed.ts'
import type { OrderEvent, OrderListener } from './events.ts'
import { Matcher } from './matcher.ts'
import type { Order } from './order.ts'
import { OrderList } from './orderList.ts'

/** What trades for an order in one second. */
export interface Shares {
  readonly quantity: number
  readonly price: number
  readonly time: EpochMs
  /** In US dollars. */
  readonly commission: number
}

/** Where orders meet the market: the orders, who matches them, and who listens to what becomes of them. */
export class Floor {
  readonly orders = new OrderList()
  readonly #tws: Tws
  readonly #matchers = new Map<string, Matcher>()
  readonly #listeners = new Set<OrderListener>()
  #moment: EpochMs | null = null

  constructor(tws: Tws) {
    this.#tws = tws
    for (const { positions } of tws.books.all) for (const { symbol } of positions) this.#follow(symbol)
    tws.books.onChange((_book, { position: { symbol } }) => this.#follow(symbol))
  }

  get books(): Books {
    return this.#tws.books
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

  /** Calls `listener` with all that happens to orders. */
  onEvent(listener: OrderListener): void {
    this.#listeners.add(listener)
  }

  tell(event: OrderEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  add(order: Order): void {
    this.#follow(order.terms.symbol)
    this.orders.add(order)
  }

  #follow(symbol: string): void {
    if (this.#matchers.has(symbol)) return
    const matcher = new Matcher(this, symbol)
    this.#matchers.set(symbol, matcher)
    matcher.arm()
  }

  /** An earlier terminal has matched everything up to `since`: what has happened from then on happens now. */
  resume(since: EpochMs): void {
    for (const matcher of this.#matchers.values()) matcher.resume(since)
    this.changed()
    this.settle()
  }

  /** Lets everything happen that is due by now. To be called before orders are looked at or changed. */
  settle(): void {
    for (const matcher of this.#matchers.values()) matcher.advance()
  }

  /** Orders are not what they were: matchers look anew for what comes next. */
  changed(): void {
    for (const matcher of this.#matchers.values()) matcher.arm()
  }

  /** Calls back later on the market's clock, and looks anew for what comes next. */
  later(delayMs: number, work: () => void): void {
    this.wake(delayMs, () => {
      this.settle()
      work()
      this.changed()
    })
  }

  /** Calls back later on the market's clock. What fails then is told to the log, and ends nothing else. */
  wake(delayMs: number, work: () => void): () => void {
    return this.clock.after(delayMs, () => {
      try {
        work()
      } catch (fault) {
        this.#tws.log.error({ err: fault }, 'the market failed an order')
      }
    })
  }

  parentOf({ clientId, terms }: Order): Order | null {
    return this.orders.ofClient(clientId, terms.parentId)
  }

  /** Whether TWS has lost IB, for the client that ordered. */
  isCutOff({ clientId }: Pick<Order, 'clientId'>): boolean {
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
  book(order: Order, shares: Shares): void {
    const { clientId, orderId, permId, fate } = order
    const { symbol, action, orderRef } = order.terms
    const { id } = this.#tws.books.record(fate.account ?? order.account, {
      ...shares,
      ...{ symbol, side: action === 'BUY' ? 'BOT' : 'SLD', exchange: listingOf(symbol)!.primaryExchange },
      ...{ clientId, orderId, permId, orderRef },
    })
    if (fate.correction) this.#correctLater(id, shares, fate.correction)
  }

  #correctLater(
    id: string,
    { quantity, price }: Shares,
    fate: NonNullable<Order['fate']['correction']>,
  ): void {
    const corrected = { quantity: Math.round(quantity * fate.share), price: toStep(price + fate.priceChange) }
    this.later(fate.afterMs, () => this.#tws.books.correct(id, corrected))
  }

  /** An order is filled, cancelled or rejected: it joins those of the day. */
  complete(order: Order): void {
    this.orders.retire(order)
    this.#tws.books.named(order.account)!.complete(completedOrderOf(order))
  }
}
