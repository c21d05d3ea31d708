import { changeTrader, flattenTrader, getTrader, panicTrader } from '../openapi/trader.ts'
import { isoInstant } from '../src/market/time.ts'
import type { TraderView } from '../src/ports/trading.ts'
import { shownDecision, shownLevel } from './decisions.ts'
import type { AppDeps } from './deps.ts'
import { shownPosition } from './positions.ts'
import { type Route, route } from './route.ts'

export const traderRoutes = ({ trading }: AppDeps): Route[] => [
  route(getTrader).to(async () => ({ status: 200, body: shown(await trading.trader()) })),
  route(changeTrader).to(async ({ body }) => ({ status: 200, body: shown(await trading.change(body)) })),
  route(flattenTrader).to(async () => ({ status: 202, body: shown(await trading.flatten()) })),
  route(panicTrader).to(async () => ({ status: 202, body: shown(await trading.panic()) })),
]

function shown({ settings, isFlattening, isPanicking, ...view }: TraderView) {
  const { execution: _, ...terms } = settings
  const { since, levels, position, lastDecision } = view
  return {
    ...terms,
    ...view,
    since: isoInstant(since),
    flattening: isFlattening,
    panicking: isPanicking,
    levels: {
      ...levels,
      breakout: levels.breakout && shownLevel(levels.breakout),
      swingLow: levels.swingLow && shownLevel(levels.swingLow),
    },
    position: position && shownPosition(position),
    lastDecision: lastDecision && shownDecision(lastDecision),
  }
}
