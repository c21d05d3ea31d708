import type { CoverageRange } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import { type Session, sessionAt } from '../market/session.ts'
import {
  type EpochMs,
  epochMs,
  floorTo,
  later,
  MINUTE_MS,
  SECOND_MS,
  type TimeRange,
} from '../market/time.ts'
import { askAndStore } from './ask.ts'
import { planMissing } from './backfill.ts'
import type { CollectDeps } from './collect.ts'

/** What is younger is the collector's: its next tick reaches back over any shorter outage by itself. */
const COLLECTORS_OWN_MS = 2 * MINUTE_MS
/** A second is looked at again two to twelve minutes later: IB reports some trades late. */
const SECOND_LOOK_MS = { after: 2 * MINUTE_MS, length: 10 * MINUTE_MS }

/**
 * Plans the holes of the open session, the newest first, in the lane of repairs. What has failed is left to the end of
 * the day: asking for it again and again would eat the budget. Resolves with what it did, in a few words.
 */
export async function heal(deps: CollectDeps, instrument: Instrument): Promise<string> {
  const session = sessionAt(deps.market.now(), deps.session)
  const range = session && healable(session, deps.market.now())
  if (range === null) return 'nothing is missing'
  const planned = await planMissing(deps, instrument, range, withoutFailed)
  return planned === null ? 'nothing is missing' : `${planned.chunks.total} chunks planned`
}

function healable(session: Session, now: EpochMs): TimeRange | null {
  const to = secondsAgo(now, COLLECTORS_OWN_MS)
  return session.from < to ? { from: session.from, to } : null
}

const withoutFailed = (known: CoverageRange[]): CoverageRange[] =>
  known.map((span) => (span.state === 'failed' ? { ...span, state: 'empty' } : span))

/** Asks for ten recent minutes once more, so that what IB has revised or added replaces what is stored. */
export async function lookAgain(
  deps: CollectDeps,
  instrument: Instrument,
  signal: AbortSignal,
): Promise<string> {
  const to = secondsAgo(deps.market.now(), SECOND_LOOK_MS.after)
  const session = sessionAt(to, deps.session)
  if (session === null) return 'the market is closed'
  const from = later(session.from, epochMs(to - SECOND_LOOK_MS.length))
  const request = { from, to, instrument, size: '1s', session: deps.session } as const
  const asked = await askAndStore(deps, request, { lane: 'repair', maxWaitMs: MINUTE_MS }, signal)
  if (asked === 'late') return 'no place in the budget'
  if (asked === 'empty') return 'no trades'
  return `${asked.inserted} late, ${asked.updated} revised`
}

const secondsAgo = (now: EpochMs, ms: number): EpochMs => floorTo(epochMs(now - ms), SECOND_MS)
