import { type Order, OrderAction, OrderType, TimeInForce } from '@stoqey/ib'
import type { OrderTicket } from '../ports/broker.ts'
import { isOrderId } from './requests.ts'

/** IB: an order of the group that fills takes the others back, and two of them cannot fill at once. */
const CANCEL_WITH_BLOCK = 1
const NO_PARENT = 0
/** What of an order's reference comes back with everything that becomes of it. */
const REFERENCE = /^[\x21-\x7e]{1,32}$/

/** IB's order. Left out, `transmit` would go as an empty field, which nobody reads alike: it is always said. */
export const ibOrder = (ticket: OrderTicket): Order => ({
  orderId: ticket.orderId,
  parentId: ticket.parentId ?? NO_PARENT,
  orderRef: ticket.orderRef,
  account: ticket.account,
  action: ticket.side === 'buy' ? OrderAction.BUY : OrderAction.SELL,
  totalQuantity: ticket.quantity,
  ...(ticket.type === 'stop'
    ? { orderType: OrderType.STP, auxPrice: ticket.stopPrice ?? 0 }
    : { orderType: OrderType.MKT }),
  tif: ticket.timeInForce === 'gtc' ? TimeInForce.GTC : TimeInForce.DAY,
  ocaGroup: ticket.ocaGroup,
  ocaType: CANCEL_WITH_BLOCK,
  outsideRth: false,
  transmit: ticket.transmit,
})

/** What no order may look like, or null. */
export function ticketFault(ticket: OrderTicket): string | null {
  if (!isOrderId(ticket.orderId)) return `${ticket.orderId} is no order id`
  if (!Number.isInteger(ticket.quantity) || ticket.quantity <= 0)
    return `${ticket.quantity} is no number of shares`
  if (!REFERENCE.test(ticket.orderRef)) return `"${ticket.orderRef}" is no reference of an order`
  const hasStopPrice = ticket.stopPrice !== null && ticket.stopPrice > 0
  return hasStopPrice === (ticket.type === 'stop')
    ? null
    : 'a stop has a stop price, and nothing else has one'
}
