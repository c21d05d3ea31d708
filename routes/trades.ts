import { listTrades } from '../openapi/trades.ts'
import { isoInstant } from '../src/market/time.ts'
import type { ClosedTrade } from '../src/ports/trading.ts'
import type { AppDeps } from './deps.ts'
import { heldPage, newestFirst } from './held.ts'
import { type Route, route } from './route.ts'

export const tradeRoutes = ({ trading }: AppDeps): Route[] => [
  route(listTrades).to(async ({ query }) => {
    const { items, nextCursor } = await newestFirst('trades', query, (page) => trading.trades(page))
    const shown = items.map(({ ordinal: _, ...trade }) => shownTrade(trade))
    return { status: 200, body: heldPage(trading, { items: shown, nextCursor }) }
  }),
]

const shownTrade = ({ entryTime, exitTime, ...trade }: ClosedTrade) => ({
  ...trade,
  entryTime: isoInstant(entryTime),
  exitTime: isoInstant(exitTime),
})
