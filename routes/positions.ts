import { listPositions } from '../openapi/positions.ts'
import { isoInstant } from '../src/market/time.ts'
import type { HeldPosition } from '../src/ports/trading.ts'
import type { AppDeps } from './deps.ts'
import { heldPage } from './held.ts'
import { pageOfAll } from './page.ts'
import { type Route, route } from './route.ts'

export const positionRoutes = ({ trading }: AppDeps): Route[] => [
  route(listPositions).to(async ({ query }) => {
    const { items, nextCursor } = pageOfAll(
      'positions',
      await trading.positions(),
      query,
      ({ symbol }) => symbol,
    )
    return { status: 200, body: heldPage(trading, { items: items.map(shownPosition), nextCursor }) }
  }),
]

export const shownPosition = ({ openedAt, ...position }: HeldPosition) => ({
  ...position,
  openedAt: isoInstant(openedAt),
})
