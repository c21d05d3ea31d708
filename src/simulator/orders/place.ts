import type { Book } from '../accounts/book.ts'
import { listed, NO_DEFINITION } from '../handlers/contractDetails.ts'
import type { Tws } from '../tws.ts'
import { faultOf, invalidOrder, type OrderRefusal, termsOf } from './check.ts'
import { modify } from './modify.ts'
import { Order } from './order.ts'
import type { OrderRequest } from './request.ts'
import type { OrderTerms } from './terms.ts'
import { outsideIgnored } from './warnings.ts'

/** Who places an order, and under which id. */
export interface Placement {
  readonly clientId: number
  readonly orderId: number
}

/** An order that can be taken. */
interface Sound {
  readonly terms: OrderTerms
  readonly book: Book
  readonly isTransmitted: boolean
}

/**
 * Places an order, or changes the one that lives under its id: an id that is sent again makes no second order. Returns
 * why not, or null.
 */
export function place(tws: Tws, at: Placement, request: OrderRequest): OrderRefusal | null {
  tws.desk.settle()
  const sound = soundOf(tws, request)
  if ('code' in sound) return sound
  const known = tws.desk.orders.ofClient(at.clientId, at.orderId)
  if (known) return modify(tws.desk, known, { ...sound, account: sound.book.id })
  if (tws.orderIds.isSpent(at.clientId, at.orderId)) return DUPLICATE_ID
  return placeNew(tws, at, sound)
}

function soundOf(tws: Tws, request: OrderRequest): Sound | OrderRefusal {
  const listing = listed(request.contract, tws)
  if (!listing) return NO_DEFINITION
  const book = tws.books.named(request.account)
  if (!book) return invalidOrder(`Invalid account code '${request.account}'.`)
  if (request.account === '' && tws.books.all.length > 1) return invalidOrder('You must specify an account.')
  const fault = faultOf(request)
  const isTransmitted = request.transmit ?? tws.switches.emptyTransmits
  return fault ?? { terms: termsOf(request, listing), book, isTransmitted }
}

function placeNew(tws: Tws, { clientId, orderId }: Placement, { terms, book, isTransmitted }: Sound) {
  const { desk } = tws
  const parent = terms.parentId === 0 ? null : desk.orders.ofClient(clientId, terms.parentId)
  if (terms.parentId !== 0 && !parent) return MISSING_PARENT
  tws.orderIds.spend(clientId, orderId)
  if (parent?.outcome?.status === 'Cancelled') return PARENT_CANCELLED
  const permId = desk.permIds.next()
  const order = new Order({ account: book.id, clientId, orderId, permId, placedAt: tws.now() }, terms)
  desk.accept(order, isTransmitted)
  const warning = outsideIgnored(terms)
  if (warning) desk.tell({ kind: 'notice', order, notice: warning })
  return null
}

/** Cancels what lives under an order id. Returns why not, or null. */
export function cancelOrder(tws: Tws, clientId: number, orderId: number): OrderRefusal | null {
  tws.desk.settle()
  const order = tws.desk.orders.ofClient(clientId, orderId)
  if (!order) return unknownId(orderId)
  if (!order.isLive) return wrongState(orderId, order)
  if (order.isCancelling) return notCancellable(order)
  tws.desk.cancel(order)
  return null
}

/** IB: every order, whoever has placed it. */
export function cancelAll(tws: Tws): void {
  tws.desk.settle()
  for (const order of tws.desk.orders.live) if (order.isLive) tws.desk.cancel(order)
}

const DUPLICATE_ID = { code: 103, text: 'Duplicate order id' }
const MISSING_PARENT = { code: 10006, text: 'Missing parent order.' }
const PARENT_CANCELLED = { code: 201, text: 'Order rejected - reason:Parent order is being cancelled.' }

const unknownId = (orderId: number): OrderRefusal => ({
  code: 10147,
  text: `OrderId ${orderId} that needs to be cancelled is not found.`,
})
const wrongState = (orderId: number, { status }: Order): OrderRefusal => ({
  code: 10148,
  text: `OrderId ${orderId} that needs to be cancelled cannot be cancelled, state: ${status}.`,
})
const notCancellable = ({ permId }: Order): OrderRefusal => ({
  code: 161,
  text: `Cancel attempted when order is not in a cancellable state.  Order permId =${permId}`,
})
