import type { Refusal } from '../history/plan.ts'
import type { Listing } from '../listings.ts'
import { goodTill } from './hours.ts'
import type { OrderRequest } from './request.ts'
import {
  type Action,
  isLimited,
  isStop,
  isTrailing,
  ORDER_TYPES,
  type OrderTerms,
  type OrderType,
  TIMES_IN_FORCE,
  type TimeInForce,
} from './terms.ts'

export type OrderRefusal = Pick<Refusal, 'code' | 'text'>

const ACTIONS: readonly string[] = ['BUY', 'SELL']

/** What TWS finds wrong with an order before it goes anywhere, or null. */
export function faultOf(request: OrderRequest): OrderRefusal | null {
  const { action, quantity, orderType, timeInForce, unsupported } = request
  if (unsupported.length > 0) return invalidOrder(`${unsupported.join(', ')}: not simulated`)
  if (!ACTIONS.includes(action)) return invalidOrder(`Invalid side: ${action}`)
  if (!isOneOf(ORDER_TYPES, orderType)) return UNSUPPORTED_TYPE
  if (!isOneOf(TIMES_IN_FORCE, timeInForce || 'DAY'))
    return invalidOrder(`Invalid time in force:${timeInForce}`)
  if (quantity === 0) return NO_SIZE
  if (quantity < 0 || quantity > MOST_SHARES) return invalidOrder(`Invalid order size: ${quantity}`)
  if (!Number.isInteger(quantity)) return FRACTION
  if (request.goodAfterTime !== '') return invalidOrder('goodAfterTime: not simulated')
  if (timeInForce === 'GTD' && goodTill(request.goodTillDate) === null) return BAD_TIME
  return faultOfPrices(request, orderType)
}

function faultOfPrices(request: OrderRequest, orderType: OrderType): OrderRefusal | null {
  const { limitPrice, auxPrice, trailingPercent, trailStopPrice } = request
  const prices: (number | null)[] = []
  if (isLimited({ orderType }) && orderType !== 'TRAIL LIMIT') prices.push(limitPrice)
  if (isTrailing({ orderType })) prices.push(auxPrice || trailingPercent)
  else if (isStop({ orderType })) prices.push(auxPrice)
  if (prices.some((price) => !price)) return INCOMPLETE
  const onGrid = [...prices, isTrailing({ orderType }) ? trailStopPrice : null].filter(
    (price) => price !== trailingPercent,
  )
  if (prices.some((price) => price! < 0 || price! > MOST_DOLLARS)) return BAD_PRICE
  return onGrid.some((price) => price !== null && !isOnGrid(price)) ? BAD_PRICE : null
}

/** The terms of an order that has no fault. */
export const termsOf = (request: OrderRequest, { symbol }: Listing): OrderTerms => ({
  symbol,
  exchange: request.contract.exchange || 'SMART',
  action: request.action as Action,
  quantity: request.quantity,
  orderType: request.orderType as OrderType,
  limitPrice: isLimited({ orderType: request.orderType as OrderType }) ? request.limitPrice : null,
  auxPrice: isStop({ orderType: request.orderType as OrderType }) ? request.auxPrice || null : null,
  timeInForce: (request.timeInForce || 'DAY') as TimeInForce,
  goodTillDate: request.timeInForce === 'GTD' ? request.goodTillDate : '',
  ocaGroup: request.ocaGroup,
  ocaType: request.ocaGroup === '' ? 0 : request.ocaType || 3,
  orderRef: request.orderRef,
  outsideRth: request.outsideRth,
  parentId: request.parentId,
  triggerMethod: request.triggerMethod,
  trailStopPrice: request.trailStopPrice || null,
  trailingPercent: request.trailingPercent || null,
  limitOffset: request.limitOffset,
})

const isOneOf = <T extends string>(all: readonly T[], value: string): value is T => all.includes(value as T)

const MOST_SHARES = 1e9
const MOST_DOLLARS = 1e7

/** Market rule 26: a grid of one cent. */
const isOnGrid = (price: number): boolean => Math.abs(price * 100 - Math.round(price * 100)) < 1e-6

export const invalidOrder = (cause: string): OrderRefusal => ({
  code: 321,
  text: `Error validating request.-'bN' : cause - ${cause}`,
})

const UNSUPPORTED_TYPE = {
  code: 387,
  text: 'Unsupported order type for this exchange and security type.',
}
const NO_SIZE = { code: 434, text: 'The order size cannot be zero.' }
const FRACTION = {
  code: 10243,
  text: 'Fractional-sized order cannot be placed via API. Please use desktop version to place this order.',
}
const BAD_TIME = { code: 391, text: 'The time or time-zone entered is invalid.' }
const INCOMPLETE = { code: 107, text: 'Cannot transmit incomplete order.' }
const BAD_PRICE = {
  code: 110,
  text: 'The price does not conform to the minimum price variation for this contract.',
}
