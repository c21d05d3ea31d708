import type { Tws } from '../tws.ts'
import type { OrderRefusal } from './check.ts'
import type { Order } from './order.ts'

/** Cancels what lives under an order id. Returns why not, or null. */
export function cancelOrder(tws: Tws, clientId: number, orderId: number): OrderRefusal | null {
  const { desk, floor } = tws
  const order = floor.orders.ofClient(clientId, orderId)
  if (!order) return unknownId(orderId)
  const live = floor.orders.live.filter((each) => each.clientId === clientId && each.orderId === orderId)
  if (live.length === 0) return wrongState(orderId, order)
  if (live.every(({ isCancelling }) => isCancelling)) return notCancellable(order)
  for (const each of live) if (!each.isCancelling) desk.cancel(each)
  return null
}

/** IB: every order, whoever has placed it. */
export function cancelAll({ desk, floor }: Tws): void {
  for (const order of floor.orders.live) if (order.isLive && !order.isCancelling) desk.cancel(order)
}

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
