import { type EpochMs, SECOND_MS } from '../../market/time.ts'
import { toStep } from '../quotes.ts'
import type { Desk } from './desk.ts'
import { CANCELLED } from './events.ts'
import { expiryOf, firstSession } from './hours.ts'
import { consequencesOf } from './linked.ts'
import type { Order } from './order.ts'
import type { OrderTerms } from './terms.ts'
import { heldUntil } from './warnings.ts'

/** Sends an order on its way: to the market, or to wait for its parent. `at` is the instant in the market's time. */
export function transmit(desk: Desk, order: Order, at: EpochMs): void {
  const parent = desk.parentOf(order)
  order.expiresAt = expiryOf(order.terms, order.placedAt)
  if (desk.isCutOff(order.clientId)) order.hold = 'link'
  if (parent && parent.outcome?.status !== 'Filled') wait(desk, order, parent, at)
  else enter(desk, order, at)
}

function wait(desk: Desk, order: Order, parent: Order, at: EpochMs): void {
  order.released = parent.filled
  if (parent.filled > 0) enter(desk, order, at)
  else {
    order.phase = 'waiting'
    desk.tell({ kind: 'order', order })
  }
}

/** The client wants another order in its place, under the same ids: it comes to the market anew. */
export function change(desk: Desk, order: Order, terms: OrderTerms, at: EpochMs): void {
  order.terms = terms
  order.trailStop = null
  order.expiresAt = expiryOf(terms, order.placedAt)
  if (order.phase === 'waiting') desk.tell({ kind: 'order', order })
  else enter(desk, order, at)
}

/** An order comes to the market. Outside its hours IB holds it, and says so. */
function enter(desk: Desk, order: Order, at: EpochMs): void {
  const session = firstSession(order.terms, at)
  order.activeFrom = at
  order.phase = session.from <= at ? 'working' : 'resting'
  desk.tell({ kind: 'order', order })
  if (order.phase === 'resting') desk.tell({ kind: 'notice', order, notice: heldUntil(order, session.from) })
}

/** The market has opened for an order that IB has held. */
export function open(desk: Desk, order: Order): void {
  order.phase = 'working'
  desk.tell({ kind: 'order', order })
}

/** Shares trade, in the second that begins at `time`: books first, then all that hangs on it. */
export function fill(desk: Desk, order: Order, quantity: number, price: number, time: EpochMs): void {
  const at = (time + SECOND_MS) as EpochMs
  const before = order.commission
  order.take(quantity, price)
  order.commission = desk.commissionOf(order, time)
  if (order.filled >= order.terms.quantity) end(desk, order, 'Filled', at, `Filled Size: ${order.filled}`)
  desk.book(order, { quantity, price, time, commission: toStep(order.commission - before) })
  release(desk, order, at)
  for (const { order: rival, loses } of consequencesOf(order, quantity, desk.orders))
    reduce(desk, rival, loses, at)
}

/** Children of an order work as far as it is filled. */
function release(desk: Desk, parent: Order, at: EpochMs): void {
  for (const child of desk.orders.childrenOf(parent)) {
    child.released = parent.isLive ? parent.filled : Number.POSITIVE_INFINITY
    if (child.phase === 'waiting') enter(desk, child, at)
  }
}

function reduce(desk: Desk, order: Order, loses: number, at: EpochMs): void {
  if (loses >= order.remaining) cancel(desk, order, '', at)
  else resize(desk, order, order.terms.quantity - loses)
}

function resize(desk: Desk, order: Order, quantity: number): void {
  order.terms = { ...order.terms, quantity }
  desk.tell({ kind: 'order', order })
}

/** Ends an order unfilled, its children with it: what its parent has bought stays protected. */
export function cancel(desk: Desk, order: Order, reason: string, at: EpochMs): void {
  order.isCancelling = true
  if (order.phase !== 'kept') desk.tell({ kind: 'status', order })
  end(desk, order, 'Cancelled', at, reason === '' ? 'Cancelled by Trader' : reason)
  desk.tell({ kind: 'status', order })
  desk.tell({ kind: 'notice', order, notice: CANCELLED(reason) })
  for (const child of desk.orders.childrenOf(order)) orphan(desk, child, order, at)
}

function orphan(desk: Desk, child: Order, parent: Order, at: EpochMs): void {
  const kept = Math.min(child.terms.quantity, parent.filled)
  child.released = Number.POSITIVE_INFINITY
  if (kept <= child.filled) cancel(desk, child, '', at)
  else resize(desk, child, kept)
}

function end(desk: Desk, order: Order, status: 'Filled' | 'Cancelled', at: EpochMs, reason: string): void {
  const wasKept = order.phase === 'kept'
  order.finish({ status, at, reason })
  if (wasKept) desk.orders.retire(order)
  else desk.complete(order)
}
