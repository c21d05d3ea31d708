import { listExecutions } from '../openapi/executions.ts'
import { isoInstant } from '../src/market/time.ts'
import type { BookedExecution } from '../src/ports/executions.ts'
import type { AppDeps } from './deps.ts'
import { heldPage, newestFirst } from './held.ts'
import { type Route, route } from './route.ts'

export const executionRoutes = ({ trading }: AppDeps): Route[] => [
  route(listExecutions).to(async ({ query }) => {
    const { items, nextCursor } = await newestFirst('executions', query, (page) => trading.executions(page))
    return { status: 200, body: heldPage(trading, { items: items.map(shown), nextCursor }) }
  }),
]

const shown = ({ root, time, intent, isSynthetic, bookedAt, ...execution }: BookedExecution) => {
  const { revision, account, symbol, side, quantity, price, orderId, commission, realizedPnl } = execution
  return {
    ...{ id: root, revision, account, symbol, side, quantity, price, orderId, commission, realizedPnl },
    time: isoInstant(time),
    order: intent,
    synthetic: isSynthetic,
    bookedAt: isoInstant(bookedAt),
  }
}
