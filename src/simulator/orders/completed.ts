import type { CompletedOrder } from '../account.ts'
import type { Order } from './order.ts'

/** An order that is done, as the completed ones are told; the order that a person made has no client. */
export const completedOrderOf = ({ clientId, orderId, permId, terms, ...order }: Order): CompletedOrder => ({
  symbol: terms.symbol,
  action: terms.action,
  orderType: terms.orderType,
  quantity: terms.quantity,
  filledQuantity: order.filled,
  limitPrice: terms.limitPrice ?? 0,
  stopPrice: terms.auxPrice ?? 0,
  timeInForce: terms.timeInForce,
  orderRef: terms.orderRef,
  permId,
  clientId: clientId === 0 && orderId <= 0 ? null : clientId,
  status: order.outcome!.status,
  completedAt: order.outcome!.at,
  reason: order.outcome!.reason,
})
