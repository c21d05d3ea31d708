import type { OrderState } from '@stoqey/ib'
import { type Contract, type Order, OrderStatus, SecType } from '@stoqey/ib'
import type { Side } from '../execution/fill.ts'
import type { BrokerOrder, BrokerOrderStatus, BrokerReport } from '../ports/broker.ts'
import type { WireStatus } from './booksMessages.ts'
import { idOf, mustBeTold, told } from './told.ts'

/** IB: orderStatus. Only what is named here ends an order. */
const STATUSES: Readonly<Record<string, BrokerOrderStatus>> = {
  [OrderStatus.ApiPending]: 'pending',
  [OrderStatus.PendingSubmit]: 'pending',
  [OrderStatus.PreSubmitted]: 'working',
  [OrderStatus.Submitted]: 'working',
  [OrderStatus.PendingCancel]: 'cancelling',
  [OrderStatus.ApiCancelled]: 'cancelled',
  [OrderStatus.Cancelled]: 'cancelled',
  [OrderStatus.Filled]: 'filled',
  [OrderStatus.Inactive]: 'held',
}

function orderStatusOf(text: string, whyHeld = ''): BrokerOrderStatus {
  const status = STATUSES[text] ?? 'pending'
  return status === 'working' && whyHeld.includes('locate') ? 'held' : status
}

/** A name that no other contract has: a US stock's is its symbol, and every other one's has a blank. */
export function contractName({ symbol = '', secType, currency, localSymbol }: Contract): string {
  const isUsStock = (secType ?? SecType.STK) === SecType.STK && (currency ?? 'USD') === 'USD'
  return isUsStock ? symbol : `${localSymbol || symbol} ${secType} ${currency}`
}

export function sideOf(text: string | undefined): Side {
  if (text === 'BUY' || text === 'BOT') return 'buy'
  if (text === 'SELL' || text === 'SSHORT' || text === 'SLD') return 'sell'
  throw new Error(`TWS names no side: ${text}`)
}

export const brokerOrder = (contract: Contract, order: Order, state: OrderState): BrokerOrder => ({
  ...termsOf(contract, order),
  filled: null,
  status: orderStatusOf(state.status),
  reason: state.warningText || null,
})

/** An order that is over: TWS lists one that it rejected as inactive. */
export const completedOrder = (contract: Contract, order: Order, state: OrderState): BrokerOrder => ({
  ...termsOf(contract, order),
  filled: told(order.filledQuantity),
  status: orderStatusOf(state.status) === 'filled' ? 'filled' : 'cancelled',
  reason: state.completedStatus || null,
})

export const statusReport = (status: WireStatus): BrokerReport => ({
  kind: 'status',
  orderId: idOf(status.orderId),
  clientId: idOf(status.clientId),
  permId: idOf(status.permId),
  status: orderStatusOf(status.status, status.whyHeld),
  filled: told(status.filled) ?? 0,
  remaining: told(status.remaining) ?? 0,
  averagePrice: told(status.averagePrice) || null,
})

const termsOf = (contract: Contract, order: Order) => ({
  orderId: idOf(order.orderId),
  clientId: idOf(order.clientId),
  permId: idOf(order.permId),
  orderRef: order.orderRef ?? '',
  account: order.account ?? '',
  symbol: contractName(contract),
  side: sideOf(order.action),
  quantity: mustBeTold(order.totalQuantity, 'the quantity of an order'),
  type: order.orderType,
  stopPrice: order.orderType.startsWith('STP') ? told(order.auxPrice) : null,
})
