import type { Order } from './order.ts'
import type { OrderList } from './orderList.ts'

/** IB: OCA types. 1 the first fill cancels the others, 2 and 3 make them smaller; 3 is also what TWS takes for none. */
const CANCELS = 1

/** What a fill means for an order that is linked to the filled one. */
export interface Consequence {
  readonly order: Order
  /** Shares that it loses; all of them for a cancel. */
  readonly loses: number
}

/** The orders that are linked to `order`, so that all of them together trade its quantity once. */
export function consequencesOf(order: Order, quantity: number, orders: OrderList): Consequence[] {
  const isCancelled = order.terms.ocaGroup !== '' && order.terms.ocaType === CANCELS
  return rivalsOf(order, orders).map((rival) => {
    const share = quantity / Math.max(1, order.terms.quantity)
    const loses = Math.min(rival.remaining, Math.round(rival.terms.quantity * share))
    const isOver = isCancelled || !order.isLive
    return { order: rival, loses: isOver ? rival.remaining : loses }
  })
}

/** Those of its group; of a child that has none, the other children of its parent. */
function rivalsOf(order: Order, orders: OrderList): Order[] {
  const { account, clientId, terms } = order
  const isRival = (other: Order): boolean =>
    other !== order &&
    other.account === account &&
    (terms.ocaGroup !== ''
      ? other.terms.ocaGroup === terms.ocaGroup
      : terms.parentId !== 0 && other.clientId === clientId && other.terms.parentId === terms.parentId)
  return orders.live.filter(isRival)
}
