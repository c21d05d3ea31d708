import type { EpochMs } from '../../market/time.ts'
import { listingOf } from '../listings.ts'
import { zonedTime } from '../wireTime.ts'
import type { Notice } from './events.ts'
import { mayTradeOutside } from './hours.ts'
import type { Order } from './order.ts'
import type { OrderTerms } from './terms.ts'

/** Outside its hours IB holds an order. */
export const heldUntil = ({ terms }: Order, opens: EpochMs): Notice => ({
  code: 399,
  text: `Order Message:\n${orderText(terms)}\nWarning: your order will not be placed at the exchange until ${zonedTime(opens)}`,
})

/** The attribute that a type cannot have is left out. */
export const outsideIgnored = (terms: OrderTerms): Notice[] =>
  terms.outsideRth && !mayTradeOutside(terms) ? [OUTSIDE_IGNORED] : []

const OUTSIDE_IGNORED: Notice = {
  code: 2109,
  text: "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. PlaceOrder is now being processed.",
}

const orderText = ({ action, quantity, symbol }: OrderTerms): string =>
  `${action} ${quantity} ${symbol} ${listingOf(symbol)!.primaryExchange}`
