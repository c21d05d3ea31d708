import type { Handler } from '../handler.ts'
import * as messages from '../messages.ts'

/** `3 orderId …`: the account cannot trade yet, and says so. */
export const placeOrder: Handler = (fields, { client }) =>
  client.refuse(fields.integer(), {
    code: 201,
    text: 'Order rejected - reason:This simulator does not trade: orders come with a later version.',
  })

/** `4 [1] orderId …`: the version field went at level 192. */
export const cancelOrder: Handler = (fields, { client }) => {
  const orderId = client.version >= CANCEL_WITHOUT_VERSION ? fields.integer() : fields.skip(1).integer()
  client.refuse(orderId, { code: 10147, text: `OrderId ${orderId} that needs to be cancelled is not found.` })
}

const CANCEL_WITHOUT_VERSION = 192

/** `8 1 n`. Without orders the next id is always the first. */
export const ids: Handler = (_fields, { client }) => client.send(messages.nextValidId(1))

export const openOrders: Handler = (_fields, { client }) => client.send(messages.openOrderEnd())

export const completedOrders: Handler = (_fields, { client }) => client.send(messages.completedOrdersEnd())

/** `7 3 reqId …`. */
export const executions: Handler = (fields, { client }) =>
  client.send(messages.executionsEnd(fields.skip(1).integer()))
