import type { Book } from '../accounts/book.ts'
import type { Client } from '../client.ts'
import { listed, NO_DEFINITION } from '../handlers/contractDetails.ts'
import { openOrder } from '../messages/openOrder.ts'
import type { Tws } from '../tws.ts'
import { faultOf, invalidOrder, type OrderRefusal, termsOf } from './check.ts'
import { DUPLICATE_ID, modify } from './modify.ts'
import { Order } from './order.ts'
import { rejectionOf } from './rejections.ts'
import type { OrderRequest } from './request.ts'
import type { OrderTerms } from './terms.ts'
import { marginsOf } from './whatIf.ts'

/** Who places an order, and under which id: 0 for what is ordered at the TWS itself. */
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
  const sound = soundOf(tws, request)
  if ('code' in sound) return sound
  const known = tws.floor.orders.ofClient(at.clientId, at.orderId)
  if (!known) return placeNew(tws, at, sound)
  return modify(tws, known, {
    ...sound,
    account: sound.book.id,
    fate: tws.desk.fates.take(at.clientId, at.orderId),
  })
}

/** Tells what an order would cost. It is placed nowhere, and its id stays free. Returns why nobody knows, or null. */
export function tellMargins(
  tws: Tws,
  client: Client,
  at: Placement,
  request: OrderRequest,
): OrderRefusal | null {
  const sound = soundOf(tws, request)
  if ('code' in sound) return sound
  const order = new Order({ ...at, account: sound.book.id, permId: 0, placedAt: tws.now() }, sound.terms)
  client.send(openOrder(client.version, order, marginsOf(tws, sound.book, sound.terms)))
  return null
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

function placeNew(tws: Tws, at: Placement, { terms, book, isTransmitted }: Sound): OrderRefusal | null {
  const { desk } = tws
  const fate = desk.fates.take(at.clientId, at.orderId)
  const isSpent = at.orderId !== 0 && tws.orderIds.isSpent(at.clientId, at.orderId)
  if (isSpent || fate.isIdTaken) return DUPLICATE_ID
  if (terms.parentId !== 0 && !tws.floor.orders.ofClient(at.clientId, terms.parentId)) return MISSING_PARENT
  tws.orderIds.spend(at.clientId, at.orderId)
  const rejected = fate.rejected ?? rejectionOf(tws, book.id, at.clientId, terms)
  const identity = { ...at, account: book.id, permId: desk.permIds.next(), placedAt: tws.now() }
  desk.accept(new Order(identity, terms, rejected ? { ...fate, rejected } : fate), isTransmitted)
  return null
}

const MISSING_PARENT = { code: 10006, text: 'Missing parent order.' }
