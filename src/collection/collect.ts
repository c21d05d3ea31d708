import type { Log } from '../log.ts'
import type { CoverageRange } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import { TICK_MS } from '../market/polling.ts'
import { type Session, type SessionKind, sessionAt, sessionsBetween } from '../market/session.ts'
import { type EpochMs, earlier, epochMs, floorTo, later, SECOND_MS, type TimeRange } from '../market/time.ts'
import type { HistoricalRequest } from '../ports/marketData.ts'
import { type AskDeps, askAndStore } from './ask.ts'

/** The newest seconds may still change at IB: a request ends this long ago. */
const SETTLE_MS = 5 * SECOND_MS
/** Seconds asked for again, because IB revises recent bars. */
const OVERLAP_MS = 30 * SECOND_MS
/** How far a first tick reaches back; the backfill does what lies before. */
const FIRST_REACH_MS = 120 * SECOND_MS
/** IB gives at most 1,800 s of 1-second bars in one answer. */
const MAX_REACH_MS = 1_800 * SECOND_MS
/** How long after a close the collector still asks for the session's last seconds. */
const AFTER_CLOSE_MS = 60 * SECOND_MS
/** A tick may wait this long for its place in the budget; then the next, wider one takes over. */
const MAX_WAIT_MS = 10 * SECOND_MS

export interface CollectDeps extends AskDeps {
  readonly log: Log
  readonly session: SessionKind
}

/**
 * One collection tick: asks for the seconds since the last covered one, with some overlap, and stores them with their
 * coverage in one transaction. Resolves with what happened, in a few words. Rejects with `unavailable` or `throttled`
 * when nothing could be had: nothing is lost, the next tick asks for a wider span.
 */
export async function collect(
  deps: CollectDeps,
  instrument: Instrument,
  signal: AbortSignal,
): Promise<string> {
  const now = deps.market.now()
  const session = collectable(now, deps.session)
  if (session === null) return 'the market is closed'
  const range = await nextRange(deps, instrument, session, now)
  if (range === null) return 'nothing new yet'
  const request: HistoricalRequest = { ...range, instrument, size: '1s', session: deps.session }
  const asked = await askAndStore(deps, request, { lane: 'live', maxWaitMs: MAX_WAIT_MS }, signal)
  if (asked === 'late') return 'no place in the budget'
  if (asked === 'empty') return 'no trades yet'
  deps.log.debug({ symbol: instrument.symbol, from: range.from, to: range.to, ...asked }, 'collected')
  return `${asked.inserted} new, ${asked.updated} revised`
}

/** Places that a backlog leaves to the second looks of an open session. */
const REPAIRS_PER_WINDOW = 2

/** How many places of the budget the collector and its second looks need in a window of market time. */
export function liveDemand(kind: SessionKind): (window: TimeRange) => { live: number; repair: number } {
  return (window) => {
    let openMs = 0
    for (const session of sessionsBetween(window, kind)) {
      openMs += earlier(session.to, window.to) - later(session.from, window.from)
    }
    return { live: Math.ceil(openMs / TICK_MS), repair: openMs === 0 ? 0 : REPAIRS_PER_WINDOW }
  }
}

/** The session that is open, or has closed so recently that its last seconds may be missing. */
function collectable(now: EpochMs, kind: SessionKind): Session | null {
  return sessionAt(now, kind) ?? sessionAt(epochMs(now - AFTER_CLOSE_MS), kind)
}

/** From some seconds before the last covered second to some seconds ago; null when there is nothing to ask. */
async function nextRange(
  deps: CollectDeps,
  instrument: Instrument,
  session: Session,
  now: EpochMs,
): Promise<TimeRange | null> {
  const to = earlier(floorTo(epochMs(now - SETTLE_MS), SECOND_MS), session.to)
  if (to <= session.from) return null
  const known = await deps.stores.coverage.between(instrument, '1s', { from: session.from, to })
  const covered = lastCovered(known)
  if (covered === to) return null
  const wanted = covered === null ? to - FIRST_REACH_MS : covered - OVERLAP_MS
  return { from: epochMs(Math.max(session.from, to - MAX_REACH_MS, wanted)), to }
}

function lastCovered(known: readonly CoverageRange[]): EpochMs | null {
  return known.findLast((range) => range.state === 'done')?.to ?? null
}
