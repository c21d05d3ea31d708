import { floorTo, SECOND_MS } from '../../market/time.ts'
import type { Tws } from '../tws.ts'
import { Fates } from './fate.ts'
import type { Floor } from './floor.ts'
import * as lifecycle from './lifecycle.ts'
import type { Order } from './order.ts'
import { PermIds } from './permIds.ts'
import type { OrderTerms } from './terms.ts'

/** Who takes orders, changes and cancels, and passes them on to the floor. */
export class Desk {
  readonly fates = new Fates()
  readonly permIds: PermIds
  readonly #tws: Tws
  readonly #floor: Floor
  #bindsByHand = false
  #lastBound = 0

  constructor(tws: Tws) {
    this.#tws = tws
    this.#floor = tws.floor
    this.permIds = new PermIds(tws.books.all)
  }

  /** Whether orders made at the TWS itself get an order id of client 0: those that are there, and those to come. */
  bindByHand(isWanted: boolean): void {
    this.#bindsByHand = isWanted
    const byHand = this.#floor.orders.open.filter(({ clientId, orderId }) => clientId === 0 && orderId === 0)
    if (!isWanted) return
    for (const order of byHand) {
      this.#bind(order)
      this.#floor.tell({ kind: 'order', order })
    }
  }

  #bind(order: Order): void {
    order.orderId = --this.#lastBound
    this.#floor.orders.bind(order)
  }

  /** Takes an order in. Until it is transmitted nobody but its client knows of it. */
  accept(order: Order, isTransmitted: boolean): void {
    this.#floor.add(order)
    if (this.#bindsByHand && order.clientId === 0 && order.orderId === 0) this.#bind(order)
    if (isTransmitted) this.transmit(order)
  }

  /** Sends an order on its way, and with it those of its bracket that were kept for it. */
  transmit(order: Order): void {
    const parent = this.#floor.parentOf(order)
    const first = parent?.phase === 'kept' ? parent : order
    for (const each of [first, ...this.#floor.orders.childrenOf(first)])
      if (each.isLive && !each.isSent) this.#send(each)
    this.#floor.changed()
  }

  change(order: Order, terms: OrderTerms): void {
    lifecycle.change(this.#floor, order, terms)
    this.#floor.changed()
  }

  /** Somebody wants an order cancelled. It is when IB hears of it, unless it is filled before. */
  cancel(order: Order, reason = ''): void {
    this.#floor.settle()
    if (!order.isLive) return
    const { isFilledOnCancel = false, cancelLagMs = 0 } = order.fate
    const isUnheard = this.#floor.isCutOff(order) && order.hold !== 'link'
    if (isFilledOnCancel || isUnheard || cancelLagMs > 0) lifecycle.pend(this.#floor, order)
    if (isFilledOnCancel) this.#fillAtOnce(order)
    else if (cancelLagMs > 0) this.#floor.later(cancelLagMs, () => this.#cancelNow(order, reason))
    else if (!isUnheard) this.#cancelNow(order, reason)
    this.#floor.changed()
  }

  /** TWS has found IB again: what it has been told meanwhile goes on its way. */
  linkRestored(): void {
    const floor = this.#floor
    floor.settle()
    for (const order of floor.orders.live.filter((order) => !floor.isCutOff(order))) {
      if (order.isCancelling) this.#cancelNow(order, '')
      else if (order.hold === 'link') lifecycle.letGo(floor, order)
    }
    floor.changed()
  }

  /** TWS has restarted: it has forgotten what it was not to transmit yet. */
  restarted(): void {
    const { orders } = this.#floor
    for (const order of orders.live) if (order.phase === 'kept' && !order.isSent) orders.forget(order)
  }

  #send(order: Order): void {
    order.isSent = true
    const { lagMs = 0 } = order.fate
    if (lagMs === 0) lifecycle.transmit(this.#floor, order)
    else this.#floor.later(lagMs, () => order.phase === 'kept' && lifecycle.transmit(this.#floor, order))
  }

  #cancelNow(order: Order, reason: string): void {
    if (order.isLive) lifecycle.cancel(this.#floor, order, reason)
  }

  #fillAtOnce(order: Order): void {
    const price = order.terms.limitPrice ?? this.#tws.prices.last(order.terms.symbol)
    const second = floorTo(this.#tws.now(), SECOND_MS)
    if (price !== null) lifecycle.fill(this.#floor, order, order.mostOf(order.remaining), price, second)
  }
}
