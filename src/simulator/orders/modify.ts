import type { Tws } from '../tws.ts'
import type { OrderRefusal } from './check.ts'
import type { Fate } from './fate.ts'
import { Order } from './order.ts'
import type { OrderTerms } from './terms.ts'

/** What a client wants an order to be. */
export interface Change {
  readonly account: string
  readonly terms: OrderTerms
  readonly isTransmitted: boolean
  readonly fate: Fate
}

/** Changes a live order. One that is sent again as it is stays as it is, and is told again. Returns why not, or null. */
export function modify(tws: Tws, order: Order, wanted: Change): OrderRefusal | null {
  const refusal = refusalOf(order, wanted)
  if (refusal) return refusal
  if (order.phase === 'kept') return modifyKept(tws, order, wanted)
  if (isSame(order.terms, wanted.terms)) tws.floor.tell({ kind: 'order', order })
  else if (wanted.fate.isDoubled) double(tws, order, wanted.terms)
  else tws.desk.change(order, wanted.terms)
  return null
}

/** What should take the order's place comes beside it, under the same order id. */
function double(tws: Tws, order: Order, terms: OrderTerms): void {
  tws.desk.accept(new Order({ ...order, permId: tws.desk.permIds.next(), placedAt: tws.now() }, terms), true)
}

function modifyKept(tws: Tws, order: Order, { terms, isTransmitted }: Change): null {
  order.terms = terms
  if (isTransmitted && !order.isSent) tws.desk.transmit(order)
  return null
}

function refusalOf(order: Order, { account, terms }: Change): OrderRefusal | null {
  if (order.outcome?.status === 'Filled') return FILLED
  if (!order.isLive) return DUPLICATE_ID
  const before = order.terms
  const isOther = account !== order.account || SAME.some((name) => before[name] !== terms[name])
  if (isOther) return MISMATCH
  return terms.quantity <= order.filled ? TOO_SMALL : null
}

/** What cannot be changed of an order. */
const SAME = ['symbol', 'action', 'orderType', 'parentId'] as const

const isSame = (a: OrderTerms, b: OrderTerms): boolean =>
  (Object.keys(a) as (keyof OrderTerms)[]).every((name) => a[name] === b[name])

export const DUPLICATE_ID = { code: 103, text: 'Duplicate order id' }
const FILLED = { code: 104, text: "Can't modify a filled order." }
const MISMATCH = { code: 105, text: 'Order being modified does not match original order' }
const TOO_SMALL = {
  code: 201,
  text: 'Order rejected - reason:The order size is not above what has been filled already.',
}
