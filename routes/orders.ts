import { listOrders } from '../openapi/orders.ts'
import { isoInstant } from '../src/market/time.ts'
import type { Intent } from '../src/ports/intents.ts'
import type { AppDeps } from './deps.ts'
import { heldPage, newestFirst } from './held.ts'
import { instantOrNull } from './instants.ts'
import { type Route, route } from './route.ts'

export const orderRoutes = ({ trading }: AppDeps): Route[] => [
  route(listOrders).to(async ({ query }) => {
    const { items, nextCursor } = await newestFirst('orders', query, (page) => trading.orders(page))
    return { status: 200, body: heldPage(trading, { items: items.map(shown), nextCursor }) }
  }),
]

const shown = ({ candleTime, createdAt, expiresAt, sentAt, endedAt, ...intent }: Intent) => {
  const { id, orderRef, orderId, permId, purpose, parent, symbol, side, type, quantity, filled } = intent
  const { averagePrice, stopPrice, state, code, detail, reason, sends } = intent
  return {
    ...{ id, orderRef, orderId, permId, purpose, parent, symbol, side, type, quantity, filled },
    ...{ averagePrice, stopPrice, state, code, detail, reason, sends },
    candleTime: isoInstant(candleTime),
    createdAt: isoInstant(createdAt),
    expiresAt: instantOrNull(expiresAt),
    sentAt: instantOrNull(sentAt),
    endedAt: instantOrNull(endedAt),
  }
}
