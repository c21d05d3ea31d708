import { getParity } from '../openapi/parity.ts'
import { isoInstant } from '../src/market/time.ts'
import type { ParityFill, ParityReport } from '../src/ports/trading.ts'
import type { AppDeps } from './deps.ts'
import { type Route, route } from './route.ts'

export const parityRoutes = ({ trading }: AppDeps): Route[] => [
  route(getParity).to(async ({ query }) => ({ status: 200, body: shown(await trading.parity(query.date)) })),
]

const shown = ({ fills, differences, ...report }: ParityReport) => ({
  ...report,
  fills: fills.map(({ time, live, replay, ...fill }) => ({
    ...fill,
    time: isoInstant(time),
    live: shownFill(live),
    replay: shownFill(replay),
  })),
  differences: differences.map(({ time, ...difference }) => ({ ...difference, time: isoInstant(time) })),
})

const shownFill = (fill: ParityFill['live']) => fill && { ...fill, time: isoInstant(fill.time) }
