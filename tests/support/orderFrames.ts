import { frame } from './scriptedTws.ts'

/** Fields of orders as TWS 193 sends them, with the sentinels that it was seen to send for "not told". */
const DOUBLE = '1.7976931348623157E308'
const DECIMAL = '170141183460469231731687303715884105727'
const INT = 2_147_483_647

const stock = (symbol: string) => [756_733, symbol, 'STK', '', 0, '?', '', 'SMART', 'USD', symbol, symbol]

export interface FramedOrder {
  readonly orderId?: number
  readonly clientId?: number
  readonly permId?: number
  readonly orderRef?: string
  readonly symbol?: string
  readonly action?: string
  readonly quantity?: number | string
  readonly type?: string
  readonly stop?: number | string
  readonly status?: string
}

export function openOrder(told: FramedOrder): Buffer {
  const order = { ...ORDER, ...told }
  return frame(
    ...[5, order.orderId, ...stock(order.symbol)],
    ...[order.action, order.quantity, order.type, '0.0', order.stop, 'GTC', 'group', 'DU1234567', '', 0],
    ...[order.orderRef, order.clientId, order.permId, 0, 0, 0, '', '', '', '', '', '', '', '', DOUBLE, ''],
    ...[0, '', -1, 0, DOUBLE, DOUBLE, DOUBLE, DOUBLE, DOUBLE, INT, 0, 0, 0, INT, 1, 0, 0, DOUBLE, 0, 0],
    ...[DOUBLE, 0, 'None', DOUBLE, 0, '', '', '', '?', 0, 0, '', 0, 0, '502.5', DOUBLE, DOUBLE, INT, ''],
    ...[0, 0, 0, INT, INT, DOUBLE, '', 0, '', 'IB', 0, 0, '', 0, 0, order.status],
    ...[...Array(9).fill(DOUBLE), DOUBLE, DOUBLE, DOUBLE, '', '', 0, 0, 0],
    ...[
      'None',
      DOUBLE,
      '502.5',
      DOUBLE,
      DOUBLE,
      DOUBLE,
      DOUBLE,
      0,
      '',
      '',
      '',
      DOUBLE,
      1,
      0,
      0,
      0,
      INT,
      INT,
      0,
    ],
    ...[INT, INT, DOUBLE, DOUBLE, DOUBLE, '', 0, DOUBLE, 0, '', INT],
  )
}

const ORDER = {
  ...{ orderId: 5, clientId: 17, permId: 9_001, orderRef: 'pb-1', symbol: 'SPY', action: 'BUY' },
  ...{ quantity: 100, type: 'MKT', stop: '0.0', status: 'PreSubmitted' },
}

export interface FramedStatus {
  readonly orderId?: number
  readonly clientId?: number
  readonly status: string
  readonly filled?: number | string
  readonly remaining?: number | string
  readonly averagePrice?: number | string
  readonly permId?: number
  readonly whyHeld?: string
}

export function orderStatus(told: FramedStatus): Buffer {
  const { orderId = 5, clientId = 17, status, filled = 0, remaining = 100, averagePrice = 0 } = told
  const { permId = 9_001, whyHeld = '' } = told
  return frame(3, orderId, status, filled, remaining, averagePrice, permId, 0, 0, clientId, whyHeld, 0)
}

export interface FramedExecution {
  readonly requestId?: number
  readonly orderId?: number
  readonly id?: string
  readonly side?: string
  readonly shares?: number | string
  readonly price?: number
  readonly orderRef?: string
  readonly time?: string
}

export function execution(told: FramedExecution): Buffer {
  const { requestId = -1, orderId = 5, id = '0000e0d5.5c5bd2d5.01.01', side = 'BOT', shares = 100 } = told
  const { price = 500.25, orderRef = 'pb-1', time = '20240603 11:00:01 US/Eastern' } = told
  return frame(
    ...[11, requestId, orderId, ...stock('SPY'), id, time, 'DU1234567', 'ARCA', side, shares, price],
    ...[9_001, 17, 0, shares, price, orderRef, '', DOUBLE, '', 1, 0],
  )
}

export const commission = (id: string, amount: number | string, realized: number | string = DOUBLE): Buffer =>
  frame(59, 1, id, amount, 'USD', realized, '', '')

export const position = (quantity: number | string, averageCost = 500.25, contract = stock('SPY')): Buffer =>
  frame(61, 3, 'DU1234567', ...contract, quantity, averageCost)

export const orderError = (id: number, code: number, text: string, details = ''): Buffer =>
  frame(4, 2, id, code, text, details)

export const UNSET = { double: DOUBLE, decimal: DECIMAL, int: INT } as const
