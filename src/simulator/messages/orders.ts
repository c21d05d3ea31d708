import type { CompletedOrder, Execution } from '../account.ts'
import type { Field, Message } from '../fields.ts'
import { stockFields } from './account.ts'
import { UNSET_DOUBLE, UNSET_INTEGER, UNSET_LONG } from './unset.ts'

export const nextValidId = (id: number): Message => [9, 1, id]

export const openOrderEnd = (): Message => [53, 1]

/** Levels at which fields came and went. */
const NO_FA_PROFILE = 177
const PENDING_PRICE_REVISION = 178
const CUSTOMER_ACCOUNT = 183
const PROFESSIONAL_CUSTOMER = 184

export interface ToldExecution {
  /** -1 for an execution that nobody has asked for: it is just happening. */
  readonly requestId: number
  readonly account: string
  readonly execution: Execution
  /** `20240603 10:00:00 US/Eastern`. */
  readonly time: string
  /** What its order has traded up to it. */
  readonly filled: number
  readonly averagePrice: number
}

export function execDetails(version: number, told: ToldExecution): Message {
  const { requestId, account, execution, time, filled, averagePrice } = told
  const { id, orderId, symbol, exchange, side, quantity, price, permId, clientId, orderRef } = execution
  return [
    ...[11, requestId, orderId, ...stockFields(symbol, exchange), id, time, account, exchange],
    ...[side, quantity, price, permId, clientId, 0, filled, averagePrice, orderRef, '', UNSET_DOUBLE, '', 1],
    ...(version >= PENDING_PRICE_REVISION ? [false] : []),
  ]
}

export const executionsEnd = (requestId: number): Message => [55, 1, requestId]

export const commissionReport = ({ id, commission, realizedPnl }: Execution): Message => [
  ...[59, 1, id, commission, 'USD', realizedPnl ?? UNSET_DOUBLE, '', ''],
]

export interface ToldOrder {
  readonly account: string
  readonly order: CompletedOrder
  /** `20240603 10:00:00 US/Eastern`. */
  readonly time: string
}

/** The values of fields that this account does not use are those that a real TWS was seen to send. */
export const completedOrder = (version: number, told: ToldOrder): Message => [
  ...[101, ...stockFields(told.order.symbol, 'SMART')],
  ...orderFields(version, told),
  ...routingFields(),
  ...outcomeFields(told),
  ...(version >= CUSTOMER_ACCOUNT ? [''] : []),
  ...(version >= PROFESSIONAL_CUSTOMER ? [false] : []),
]

/** `action` to `exemptCode`. */
const orderFields = (version: number, { account, order }: ToldOrder): Field[] => [
  ...[order.action, order.quantity, order.orderType, order.limitPrice, order.stopPrice],
  ...[order.timeInForce, '', account, '', 0, order.orderRef, order.permId, false, false, '0', ''],
  ...(version >= NO_FA_PROFILE ? ['', '', ''] : ['', '', '', '']),
  ...['', '', '', UNSET_DOUBLE, '', 0, '', -1],
]

/** `startingPrice` to `solicited`; the block of a delta-neutral order is there, named `None`. */
const routingFields = (): Field[] => [
  ...[UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE],
  ...[UNSET_INTEGER, false, false, UNSET_INTEGER, 3, 0],
  ...[UNSET_DOUBLE, 0, 'None', UNSET_DOUBLE, 0, false, 0, '', 0, 0, UNSET_DOUBLE, UNSET_DOUBLE],
  ...['', 0, 0, 0, UNSET_INTEGER, UNSET_INTEGER, UNSET_DOUBLE, '', '', 'IB', false, false, '', false],
]

/** `status` to `midOffsetAtHalf`. */
const outcomeFields = ({ order, time }: ToldOrder): Field[] => [
  ...[order.status, false, false, 0, order.stopPrice, UNSET_DOUBLE, UNSET_DOUBLE, true, false, ''],
  ...[order.filledQuantity, 0, false, '', false, false, UNSET_LONG, time, order.reason],
  ...['', '', UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE],
]

export const completedOrdersEnd = (): Message => [102]
