import { AppError } from '../../errors.ts'
import type { CompletedOrder } from '../account.ts'
import { visibleTo } from '../accounts/visible.ts'
import type { FieldReader } from '../fields.ts'
import type { IdReader } from '../gates.ts'
import type { Handler, Served } from '../handler.ts'
import { openOrderAndStatus } from '../messages/openOrder.ts'
import * as messages from '../messages/orders.ts'
import { NO_ID } from '../messages/session.ts'
import * as cancelling from '../orders/cancel.ts'
import type { OrderRefusal } from '../orders/check.ts'
import type { Order } from '../orders/order.ts'
import * as placing from '../orders/place.ts'
import { type OrderRequest, readOrder } from '../orders/request.ts'
import { zonedTime } from '../wireTime.ts'

/** `3 orderId …`: what cannot be read is the order's fault alone, and the client stays connected. */
export const placeOrder: Handler = (fields, { client, tws }) => {
  const orderId = fields.integer()
  const request = readOr(fields, client.version)
  if ('code' in request) return client.refuse(orderId, request)
  if (request.transmit === null)
    tws.log.warn({ clientId: client.id, orderId }, 'an order leaves transmit empty')
  const at = { clientId: client.id!, orderId }
  const refusal = request.isWhatIf
    ? placing.tellMargins(tws, client, at, request)
    : placing.place(tws, at, request)
  if (refusal) client.refuse(orderId, refusal)
}

function readOr(fields: FieldReader, version: number): OrderRequest | OrderRefusal {
  try {
    return readOrder(fields, version)
  } catch (fault) {
    if (!(fault instanceof AppError)) throw fault
    return { code: 320, text: `Error reading request: ${fault.message}` }
  }
}

/** `4 [1] orderId …`: the version field went at level 192. */
export const cancelOrder: Handler = (fields, { client, tws }) => {
  const orderId = readCancelledId(fields, client)
  const refusal = cancelling.cancelOrder(tws, client.id!, orderId)
  if (refusal) client.refuse(orderId, refusal)
}

/** `58 …`. */
export const globalCancel: Handler = (_fields, { tws }) => cancelling.cancelAll(tws)

/** Reads the order id of a cancel. */
export const readCancelledId: IdReader = (fields, { version }) =>
  version >= CANCEL_WITHOUT_VERSION ? fields.integer() : fields.skip(1).integer()

const CANCEL_WITHOUT_VERSION = 192

/** `8 1 n`: the next one, however many are asked for. */
export const ids: Handler = (_fields, { client, tws }) =>
  client.send(messages.nextValidId(tws.orderIds.next(client.id ?? 0)))

/** `5 1`: the client's own; client 0 also has those made at the TWS itself. */
export const openOrders: Handler = (_fields, served) =>
  tellOpen(served, ({ clientId }) => clientId === served.client.id)

/** `16 1`: those of all clients, as they are now. */
export const allOpenOrders: Handler = (_fields, served) => tellOpen(served, () => true)

function tellOpen({ client, tws }: Served, isWanted: (order: Order) => boolean): void {
  for (const order of tws.floor.orders.open.filter(isWanted))
    for (const message of openOrderAndStatus(client.version, order)) client.send(message)
  client.send(messages.openOrderEnd())
}

/** `15 1 bind`: orders made at the TWS itself get an id of client 0, below 0. */
export const autoOpenOrders: Handler = (fields, { client, tws }) => {
  if (client.id !== 0) client.refuse(NO_ID, ONLY_CLIENT_0)
  else tws.desk.bindByHand(fields.skip(1).flag())
}

const ONLY_CLIENT_0 = {
  code: 321,
  text: "Error validating request.-'bN' : cause - Only the default client (i.e 0) can auto bind orders",
}

/** `99 apiOnly`: what was filled or cancelled today, of every client; with `apiOnly` not what a person ordered. */
export const completedOrders: Handler = (fields, { client, tws }) => {
  const isApiOnly = fields.flag()
  const isTold = ({ clientId }: CompletedOrder) =>
    (!isApiOnly || clientId !== null) &&
    (tws.switches.completedOfOthers || visibleTo(client, clientId ?? 0, tws))
  for (const book of tws.books.all)
    for (const order of book.completedOn(tws.now()).filter(isTold)) {
      const time = zonedTime(order.completedAt)
      client.send(messages.completedOrder(client.version, { account: book.id, order, time }))
    }
  client.send(messages.completedOrdersEnd())
}
