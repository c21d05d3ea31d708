import type { EpochMs } from '../../market/time.ts'
import { toStep } from '../quotes.ts'
import type { Desk } from './desk.ts'
import { CANCELLED } from './events.ts'
import { expiryOf, firstSession } from './hours.ts'
import { consequencesOf } from './linked.ts'
import type { Order, OutcomeStatus } from './order.ts'
import type { OrderTerms } from './terms.ts'
import { heldUntil, outsideIgnored } from './warnings.ts'

/** Sends an order on its way: to the market, or to wait for its parent. */
export function transmit(desk: Desk, order: Order): void {
  if (order.fate.rejected) reject(desk, order)
  else submit(desk, order)
}

function submit(desk: Desk, order: Order): void {
  const parent = desk.parentOf(order)
  order.expiresAt = expiryOf(order.terms, order.placedAt)
  if (desk.isCutOff(order.clientId)) order.hold = 'link'
  if (parent && parent.outcome?.status !== 'Filled') wait(desk, order, parent)
  else enter(desk, order)
  for (const notice of [...outsideIgnored(order.terms), ...(order.fate.notices ?? [])])
    desk.tell({ kind: 'notice', order, notice })
}

function reject(desk: Desk, order: Order): void {
  const { notice, status } = order.fate.rejected!
  desk.tell({ kind: 'notice', order, notice })
  end(desk, order, status, notice.text)
  desk.tell({ kind: 'status', order })
  for (const child of desk.orders.childrenOf(order)) orphan(desk, child, order)
}

function wait(desk: Desk, order: Order, parent: Order): void {
  order.released = parent.filled
  order.phase = 'waiting'
  if (parent.filled > 0) enter(desk, order)
  else desk.tell({ kind: 'order', order })
}

/** The client wants another order in its place, under the same ids: it comes to the market anew. */
export function change(desk: Desk, order: Order, terms: OrderTerms): void {
  order.terms = terms
  order.trailStop = null
  order.expiresAt = expiryOf(terms, order.placedAt)
  if (order.phase === 'waiting') desk.tell({ kind: 'order', order })
  else enter(desk, order)
}

/** An order comes to the market. Outside its hours IB holds it, and says so. */
function enter(desk: Desk, order: Order): void {
  const at = desk.at()
  const session = firstSession(order.terms, at)
  const isFirst = order.activeFrom === null
  order.activeFrom = at
  order.phase = session.from <= at ? 'working' : 'resting'
  if (isFirst && order.fate.hold) hold(desk, order, order.fate.hold)
  desk.tell({ kind: 'order', order })
  if (order.phase === 'resting') desk.tell({ kind: 'notice', order, notice: heldUntil(order, session.from) })
}

function hold(desk: Desk, order: Order, { as, forMs }: NonNullable<Order['fate']['hold']>): void {
  order.hold = as
  if (forMs !== null) desk.clock.after(forMs, () => desk.letGo(order))
}

/** What has held an order is over: it comes to the market now. */
export function letGo(desk: Desk, order: Order): void {
  order.hold = null
  if (order.phase === 'waiting') desk.tell({ kind: 'order', order })
  else enter(desk, order)
}

/** The market has opened for an order that IB has held. */
export function open(desk: Desk, order: Order): void {
  order.phase = 'working'
  desk.tell({ kind: 'order', order })
}

/** Shares trade, in the second that begins at `time`: books first, then all that hangs on it. */
export function fill(desk: Desk, order: Order, quantity: number, price: number, time: EpochMs): void {
  const before = order.commission
  order.take(quantity, price)
  order.commission = desk.commissionOf(order, time)
  if (order.filled >= order.terms.quantity) end(desk, order, 'Filled', `Filled Size: ${order.filled}`)
  desk.book(order, { quantity, price, time, commission: toStep(order.commission - before) })
  release(desk, order)
  for (const { order: rival, loses } of consequencesOf(order, quantity, desk.orders))
    reduce(desk, rival, loses)
}

/** Children of an order work as far as it is filled. */
function release(desk: Desk, parent: Order): void {
  for (const child of desk.orders.childrenOf(parent)) {
    child.released = parent.isLive ? parent.filled : Number.POSITIVE_INFINITY
    if (child.phase === 'waiting') enter(desk, child)
  }
}

function reduce(desk: Desk, order: Order, loses: number): void {
  if (loses >= order.remaining) cancel(desk, order)
  else resize(desk, order, order.terms.quantity - loses)
}

function resize(desk: Desk, order: Order, quantity: number): void {
  order.terms = { ...order.terms, quantity }
  desk.tell({ kind: 'order', order })
}

/** Ends an order unfilled, its children with it: what its parent has bought stays protected. */
export function cancel(desk: Desk, order: Order, reason = ''): void {
  if (!order.isCancelling) pend(desk, order)
  end(desk, order, 'Cancelled', reason === '' ? 'Cancelled by Trader' : reason)
  desk.tell({ kind: 'status', order })
  desk.tell({ kind: 'notice', order, notice: CANCELLED(reason) })
  for (const child of desk.orders.childrenOf(order)) orphan(desk, child, order)
}

/** Somebody wants an order cancelled. */
export function pend(desk: Desk, order: Order): void {
  order.isCancelling = true
  if (order.phase !== 'kept') desk.tell({ kind: 'status', order })
}

function orphan(desk: Desk, child: Order, parent: Order): void {
  const kept = Math.min(child.terms.quantity, parent.filled)
  child.released = Number.POSITIVE_INFINITY
  if (kept <= child.filled) cancel(desk, child)
  else resize(desk, child, kept)
}

function end(desk: Desk, order: Order, status: OutcomeStatus, reason: string): void {
  const wasKept = order.phase === 'kept'
  order.finish({ status, at: desk.at(), reason })
  if (wasKept && status === 'Cancelled') desk.orders.retire(order)
  else desk.complete(order)
}
