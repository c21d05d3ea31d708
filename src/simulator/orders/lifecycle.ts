import type { EpochMs } from '../../market/time.ts'
import { toStep } from '../quotes.ts'
import { CANCELLED } from './events.ts'
import type { Floor } from './floor.ts'
import { expiryOf, firstSession } from './hours.ts'
import { consequencesOf } from './linked.ts'
import type { Order, OutcomeStatus } from './order.ts'
import type { OrderTerms } from './terms.ts'
import { heldUntil, outsideIgnored } from './warnings.ts'

/** Sends an order on its way: to the market, or to wait for its parent. */
export function transmit(floor: Floor, order: Order): void {
  if (order.fate.rejected) reject(floor, order)
  else submit(floor, order)
}

function submit(floor: Floor, order: Order): void {
  const parent = floor.parentOf(order)
  order.expiresAt = expiryOf(order.terms, order.placedAt)
  if (floor.isCutOff(order)) order.hold = 'link'
  if (parent && parent.outcome?.status !== 'Filled') wait(floor, order, parent)
  else enter(floor, order)
  for (const notice of [...outsideIgnored(order.terms), ...(order.fate.notices ?? [])])
    floor.tell({ kind: 'notice', order, notice })
}

function reject(floor: Floor, order: Order): void {
  const { notice, status } = order.fate.rejected!
  floor.tell({ kind: 'notice', order, notice })
  end(floor, order, status, notice.text)
  floor.tell({ kind: 'status', order })
  for (const child of floor.orders.childrenOf(order)) orphan(floor, child, order)
}

function wait(floor: Floor, order: Order, parent: Order): void {
  order.released = parent.filled
  order.phase = 'waiting'
  if (parent.filled > 0) enter(floor, order)
  else floor.tell({ kind: 'order', order })
}

/** The client wants another order in its place, under the same ids: it comes to the market anew. */
export function change(floor: Floor, order: Order, terms: OrderTerms): void {
  order.terms = terms
  order.trailStop = null
  order.expiresAt = expiryOf(terms, order.placedAt)
  if (order.phase === 'waiting') floor.tell({ kind: 'order', order })
  else enter(floor, order)
}

/** An order comes to the market. Outside its hours IB holds it, and says so. */
function enter(floor: Floor, order: Order): void {
  const at = floor.at()
  const session = firstSession(order.terms, at)
  const isFirst = order.activeFrom === null
  order.activeFrom = at
  order.phase = session.from <= at ? 'working' : 'resting'
  if (isFirst && order.fate.hold) hold(floor, order, order.fate.hold)
  floor.tell({ kind: 'order', order })
  if (order.phase === 'resting') floor.tell({ kind: 'notice', order, notice: heldUntil(order, session.from) })
}

function hold(floor: Floor, order: Order, { as, forMs }: NonNullable<Order['fate']['hold']>): void {
  order.hold = as
  if (forMs !== null) floor.later(forMs, () => order.hold === as && order.isLive && letGo(floor, order))
}

/** What has held an order is over: it comes to the market now. */
export function letGo(floor: Floor, order: Order): void {
  order.hold = null
  if (order.phase === 'waiting') floor.tell({ kind: 'order', order })
  else enter(floor, order)
}

/** The market has opened for an order that IB has held. */
export function open(floor: Floor, order: Order): void {
  order.phase = 'working'
  floor.tell({ kind: 'order', order })
}

/** Shares trade, in the second that begins at `time`: books first, then all that hangs on it. */
export function fill(floor: Floor, order: Order, quantity: number, price: number, time: EpochMs): void {
  const before = order.commission
  order.take(quantity, price)
  order.commission = floor.commissionOf(order, time)
  if (order.filled >= order.terms.quantity) end(floor, order, 'Filled', `Filled Size: ${order.filled}`)
  floor.book(order, { quantity, price, time, commission: toStep(order.commission - before) })
  release(floor, order)
  for (const { order: rival, loses } of consequencesOf(order, quantity, floor.orders))
    reduce(floor, rival, loses)
}

/** Children of an order work as far as it is filled. */
function release(floor: Floor, parent: Order): void {
  for (const child of floor.orders.childrenOf(parent)) {
    const before = child.workable
    child.released = parent.isLive ? parent.filled : Number.POSITIVE_INFINITY
    if (child.phase === 'waiting') enter(floor, child)
    else if (child.workable !== before) floor.tell({ kind: 'status', order: child })
  }
}

function reduce(floor: Floor, order: Order, loses: number): void {
  if (loses >= order.remaining) cancel(floor, order)
  else resize(floor, order, order.terms.quantity - loses)
}

function resize(floor: Floor, order: Order, quantity: number): void {
  order.terms = { ...order.terms, quantity }
  floor.tell({ kind: 'order', order })
}

/** Ends an order unfilled, its children with it: what its parent has bought stays protected. */
export function cancel(floor: Floor, order: Order, reason = ''): void {
  if (!order.isCancelling) pend(floor, order)
  end(floor, order, 'Cancelled', reason === '' ? 'Cancelled by Trader' : reason)
  floor.tell({ kind: 'status', order })
  floor.tell({ kind: 'notice', order, notice: CANCELLED(reason) })
  for (const child of floor.orders.childrenOf(order)) orphan(floor, child, order)
}

/** Somebody wants an order cancelled. */
export function pend(floor: Floor, order: Order): void {
  order.isCancelling = true
  if (order.phase !== 'kept') floor.tell({ kind: 'status', order })
}

function orphan(floor: Floor, child: Order, parent: Order): void {
  const kept = Math.min(child.terms.quantity, parent.filled)
  child.released = Number.POSITIVE_INFINITY
  if (kept <= child.filled) cancel(floor, child)
  else resize(floor, child, kept)
}

function end(floor: Floor, order: Order, status: OutcomeStatus, reason: string): void {
  const wasKept = order.phase === 'kept'
  order.finish({ status, at: floor.at(), reason })
  if (wasKept && status === 'Cancelled') floor.orders.retire(order)
  else floor.complete(order)
}
