import type { Field, Message } from '../fields.ts'
import type { Order } from '../orders/order.ts'
import { stockFields } from './account.ts'
import { UNSET_DOUBLE, UNSET_INTEGER } from './unset.ts'

/** Levels at which fields came and went. */
const NO_FA_PROFILE = 177
const CUSTOMER_ACCOUNT = 183
const PROFESSIONAL_CUSTOMER = 184
const BOND_ACCRUED_INTEREST = 185
const INCLUDE_OVERNIGHT = 189
const OPERATOR = 193

/** What an order would cost, in US dollars: the answer to a what-if. */
export interface Margins {
  readonly before: AccountMargin
  readonly after: AccountMargin
  readonly commission: number
}

export interface AccountMargin {
  readonly initial: number
  readonly maintenance: number
  readonly equityWithLoan: number
}

/** All about an order. The values of fields that are not used here are those that a real TWS was seen to send. */
export const openOrder = (version: number, order: Order, margins: Margins | null = null): Message => [
  ...[5, order.orderId, ...stockFields(order.terms.symbol, order.terms.exchange)],
  ...basicFields(version, order),
  ...routingFields(order),
  ...stateFields(order, margins),
  ...adjustedFields(order),
  ...(version >= CUSTOMER_ACCOUNT ? [''] : []),
  ...(version >= PROFESSIONAL_CUSTOMER ? [false] : []),
  ...(version >= BOND_ACCRUED_INTEREST ? [''] : []),
  ...(version >= INCLUDE_OVERNIGHT ? [false] : []),
  ...(version >= OPERATOR ? ['', UNSET_INTEGER] : []),
]

/** `action` to `exemptCode`. */
const basicFields = (version: number, { account, clientId, permId, terms }: Order): Field[] => [
  ...[terms.action, terms.quantity, terms.orderType, terms.limitPrice ?? '0.0', terms.auxPrice ?? '0.0'],
  ...[terms.timeInForce, terms.ocaGroup, account, '', 0, terms.orderRef, clientId, permId],
  ...[terms.outsideRth, false, '0', '', ''],
  ...(version >= NO_FA_PROFILE ? ['', '', ''] : ['', '', '', '']),
  ...['', terms.goodTillDate, '', UNSET_DOUBLE, '', 0, '', -1],
]

/** `auctionStrategy` to `solicited`; the block of a delta-neutral order is there, named `None`. */
const routingFields = ({ terms, trailStop }: Order): Field[] => [
  ...[0, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_INTEGER],
  ...[false, false, false, UNSET_INTEGER, terms.ocaType || 3, false, false, UNSET_DOUBLE],
  ...[terms.parentId, terms.triggerMethod, UNSET_DOUBLE, 0, 'None', UNSET_DOUBLE],
  ...[0, '', '', '', '?', false, 0, ''],
  ...[false, 0, trailStop ?? terms.trailStopPrice ?? UNSET_DOUBLE, terms.trailingPercent ?? UNSET_DOUBLE],
  ...[UNSET_DOUBLE, UNSET_INTEGER, '', 0, 0, 0],
  ...[UNSET_INTEGER, UNSET_INTEGER, UNSET_DOUBLE, '', false, '', 'IB', false, false, '', false],
]

/** `whatIf` to `nConditions`. */
const stateFields = ({ status }: Order, margins: Margins | null): Field[] => [
  ...[margins !== null, status, ...(margins ? marginFields(margins) : Array<Field>(9).fill(UNSET_DOUBLE))],
  ...(margins ? [margins.commission, UNSET_DOUBLE, UNSET_DOUBLE] : Array<Field>(3).fill(UNSET_DOUBLE)),
  ...[margins ? 'USD' : '', '', false, false, 0],
]

function marginFields({ before, after }: Margins): Field[] {
  const parts = ['initial', 'maintenance', 'equityWithLoan'] as const
  return [
    ...parts.map((part) => before[part]),
    ...parts.map((part) => after[part] - before[part]),
    ...parts.map((part) => after[part]),
  ].map((amount) => amount.toFixed(2))
}

/** `adjustedOrderType` to `midOffsetAtHalf`. */
const adjustedFields = ({ terms, trailStop }: Order): Field[] => [
  ...[
    'None',
    UNSET_DOUBLE,
    trailStop ?? terms.trailStopPrice ?? UNSET_DOUBLE,
    terms.limitOffset ?? UNSET_DOUBLE,
  ],
  ...[UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, 0],
  ...['', '', '', UNSET_DOUBLE, true, false, false, false, UNSET_INTEGER, UNSET_INTEGER, false],
  ...['', '', UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE],
]

/** The state of an order alone. */
export const orderStatus = (order: Order): Message => [
  ...[
    3,
    order.orderId,
    order.status,
    order.filled,
    order.remaining,
    toPlaces(order.averagePrice),
    order.permId,
  ],
  ...[order.terms.parentId, order.lastPrice, order.clientId, order.whyHeld, '0'],
]

/** An order as it is told in lists, and when something of it has changed. */
export const openOrderAndStatus = (version: number, order: Order): Message[] => [
  openOrder(version, order),
  orderStatus(order),
]

/** Without the tails of binary fractions. */
const toPlaces = (price: number): number => Math.round(price * 1e8) / 1e8
