import type { CompletedOrder } from '../account.ts'
import { visibleTo } from '../accounts/visible.ts'
import type { IdReader } from '../gates.ts'
import type { Handler } from '../handler.ts'
import * as messages from '../messages/orders.ts'
import { NO_ID } from '../messages/session.ts'
import { zonedTime } from '../wireTime.ts'

/** `3 orderId …`: the account cannot trade yet, and says so. */
export const placeOrder: Handler = (fields, { client }) =>
  client.refuse(fields.integer(), {
    code: 201,
    text: 'Order rejected - reason:This simulator does not trade: orders come with a later version.',
  })

/** `4 [1] orderId …`: the version field went at level 192. */
export const cancelOrder: Handler = (fields, { client }) => {
  const orderId = readCancelledId(fields, client)
  client.refuse(orderId, { code: 10147, text: `OrderId ${orderId} that needs to be cancelled is not found.` })
}

/** Reads the order id of a cancel. */
export const readCancelledId: IdReader = (fields, { version }) =>
  version >= CANCEL_WITHOUT_VERSION ? fields.integer() : fields.skip(1).integer()

const CANCEL_WITHOUT_VERSION = 192

/** `8 1 n`: the next one, however many are asked for. */
export const ids: Handler = (_fields, { client, tws }) =>
  client.send(messages.nextValidId(tws.orderIds.next(client.id ?? 0)))

export const openOrders: Handler = (_fields, { client }) => client.send(messages.openOrderEnd())

/** `15 1 bind`: orders made at the TWS itself would get an id of client 0. */
export const autoOpenOrders: Handler = (_fields, { client }) => {
  if (client.id !== 0) client.refuse(NO_ID, ONLY_CLIENT_0)
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
