import {
  type CommissionReport,
  type Contract,
  EventName,
  type Execution,
  type Order,
  type OrderState,
} from '@stoqey/ib'
import type { Answer, On } from './wire.ts'

/** What TWS tells of orders, executions and positions without having been asked, or without the question's number. */
export type BooksMessage =
  | {
      readonly type: 'openOrder'
      readonly contract: Contract
      readonly order: Order
      readonly state: OrderState
    }
  | { readonly type: 'openOrdersEnd' }
  | { readonly type: 'orderStatus'; readonly status: WireStatus }
  | { readonly type: 'execution'; readonly contract: Contract; readonly execution: Execution }
  | { readonly type: 'commission'; readonly report: CommissionReport }
  | { readonly type: 'position'; readonly position: WirePosition }
  | { readonly type: 'positionsEnd' }
  | {
      readonly type: 'completedOrder'
      readonly contract: Contract
      readonly order: Order
      readonly state: OrderState
    }
  | { readonly type: 'completedOrdersEnd' }
  | { readonly type: 'nextOrderId'; readonly id: number }

export interface WireStatus {
  readonly orderId: number
  readonly status: string
  readonly filled: number | undefined
  readonly remaining: number | undefined
  readonly averagePrice: number | undefined
  readonly permId: number | undefined
  readonly clientId: number | undefined
  readonly whyHeld: string
}

export interface WirePosition {
  readonly account: string
  readonly contract: Contract
  readonly quantity: number | undefined
  readonly averageCost: number | undefined
}

/** A message of TWS that names an order: why it was rejected, that it is held, and so on. */
export interface OrderMessage {
  readonly orderId: number
  readonly code: number
  readonly text: string
  /** The JSON that comes with some rejections. */
  readonly details: string | null
}

/** TWS gives live executions this in place of a question's number. */
const UNASKED = -1

export function onBooks(on: On): void {
  const books = (message: BooksMessage) => ({ type: 'books', message }) as const
  on(EventName.openOrder, (_id: number, contract: Contract, order: Order, state: OrderState) =>
    books({ type: 'openOrder', contract, order, state }),
  )
  on(EventName.openOrderEnd, () => books({ type: 'openOrdersEnd' }))
  on(EventName.orderStatus, (...told: StatusArguments) =>
    books({ type: 'orderStatus', status: statusOf(told) }),
  )
  on(EventName.commissionReport, (report: CommissionReport) => books({ type: 'commission', report }))
  on(EventName.position, (account: string, contract: Contract, quantity?: number, averageCost?: number) =>
    books({ type: 'position', position: { account, contract, quantity, averageCost } }),
  )
  on(EventName.positionEnd, () => books({ type: 'positionsEnd' }))
  on(EventName.completedOrder, (contract: Contract, order: Order, state: OrderState) =>
    books({ type: 'completedOrder', contract, order, state }),
  )
  on(EventName.completedOrdersEnd, () => books({ type: 'completedOrdersEnd' }))
  onNumbered(on)
}

/** Executions and account values carry the number of their question. */
function onNumbered(on: On): void {
  const answer = (id: number, message: Answer) => ({ type: 'answer', id, answer: message }) as const
  on(EventName.execDetails, (id: number, contract: Contract, execution: Execution) =>
    id === UNASKED
      ? { type: 'books', message: { type: 'execution', contract, execution } }
      : answer(id, { type: 'execution', contract, execution }),
  )
  on(EventName.execDetailsEnd, (id: number) => answer(id, { type: 'executionsEnd' }))
  on(EventName.accountSummary, (id: number, account: string, tag: string, value: string, currency: string) =>
    answer(id, { type: 'accountValue', account, tag, value, currency }),
  )
  on(EventName.accountSummaryEnd, (id: number) => answer(id, { type: 'accountValuesEnd' }))
}

type StatusArguments = readonly [
  orderId: number,
  status: string,
  filled: number | undefined,
  remaining: number | undefined,
  averagePrice: number | undefined,
  permId: number | undefined,
  parentId: number | undefined,
  lastPrice: number | undefined,
  clientId: number | undefined,
  whyHeld: string | undefined,
]

const statusOf = ([
  orderId,
  status,
  filled,
  remaining,
  averagePrice,
  permId,
  ,
  ,
  clientId,
  whyHeld,
]: StatusArguments): WireStatus => ({
  orderId,
  status,
  filled,
  remaining,
  averagePrice,
  permId,
  clientId,
  whyHeld: whyHeld ?? '',
})
