import { listCoverage } from '../openapi/coverage.ts'
import { overlapping } from '../src/feed.ts'
import { type CoverageRange, coveredMs, gapsOf } from '../src/market/coverage.ts'
import { type Session, type SessionKind, sessionsBetween } from '../src/market/session.ts'
import { DAY_MS, type EpochMs, earlier, isoInstant, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import type { AppDeps } from './deps.ts'
import { rangeOf } from './instants.ts'
import { instrumentOf } from './instruments.ts'
import { pageOf, timeAfter } from './page.ts'
import { refusal } from './problem.ts'
import { type Route, route } from './route.ts'

export const coverageRoutes = ({ stores, market, collectSession }: AppDeps): Route[] => [
  route(listCoverage).to(async ({ query }) => {
    const { size = '1s', session = collectSession } = query
    const now = market.now()
    const after = timeAfter('coverage', query)
    const opened = openedSessions(rangeOf(query), session, now).filter(({ from }) => from > (after ?? 0))
    const { items, nextCursor } = pageOf('coverage', opened, query, ({ from }) => String(from))
    const instrument = await instrumentOf(stores, query.symbol)
    const known = items.length === 0 ? [] : await stores.coverage.between(instrument, size, hullOf(items))
    const parts = overlapping(items, known)
    return { status: 200, body: { items: items.map((item, i) => shown(item, now, parts[i]!)), nextCursor } }
  }),
]

/** Ten years, two or three leap days among them. */
const LONGEST_RANGE_MS = 3_653 * DAY_MS

function openedSessions(range: TimeRange, kind: SessionKind, now: EpochMs): Session[] {
  if (range.to - range.from > LONGEST_RANGE_MS) {
    throw refusal([{ path: 'to', message: 'must not be more than ten years after from' }])
  }
  return sessionsBetween(range, kind).filter(({ from }) => from < now)
}

/** From the first open to the last close, so that one query answers for all of them. */
const hullOf = (sessions: readonly Session[]): TimeRange => ({
  from: sessions[0]!.from,
  to: sessions.at(-1)!.to,
})

/** Time that has not passed is neither expected nor a gap (strategy, T6). */
function shown(session: Session, now: EpochMs, known: readonly CoverageRange[]) {
  const passed = { from: session.from, to: earlier(session.to, now) }
  return {
    date: session.date,
    open: isoInstant(session.from),
    close: isoInstant(session.to),
    expectedSeconds: seconds(passed.to - passed.from),
    coveredSeconds: seconds(coveredMs(passed, known)),
    gaps: gapsOf(passed, known).map((gap) => ({
      from: isoInstant(gap.from),
      to: isoInstant(gap.to),
      state: gap.state,
    })),
  }
}

const seconds = (ms: number): number => Math.floor(ms / SECOND_MS)
