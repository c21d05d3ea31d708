import { cutChunks } from '../market/chunk.ts'
import { type CoverageRange, partialWithin, unasked } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import { previousSession, type SessionKind, sessionAt } from '../market/session.ts'
import {
  type Clock,
  type EpochMs,
  earlier,
  epochMs,
  floorTo,
  plus,
  SECOND_MS,
  type TimeRange,
} from '../market/time.ts'
import type { Backfill, BackfillRequest, Backfills } from '../ports/backfills.ts'
import type { Pacing } from '../ports/pacing.ts'
import type { Stores } from '../ports/stores.ts'
import { finished } from './finished.ts'

/** Seconds younger than this are the collector's: IB may not have them yet. */
const SETTLE_MS = 10 * SECOND_MS

export interface BackfillDeps {
  readonly stores: Stores
  readonly market: Clock
  readonly session: SessionKind
}

export function backfills(deps: BackfillDeps & EtaDeps): Backfills {
  return {
    request: (request) => requestBackfill(deps, request),
    cancel: (id) => cancelBackfill(deps, id),
    etas: (backfills) => etas(deps, backfills),
  }
}

/** Makes chunks of everything in the range that was never answered. What is covered costs nothing again. */
export async function requestBackfill(deps: BackfillDeps, request: BackfillRequest): Promise<Backfill> {
  const now = deps.market.now()
  const to = earlier(request.to, settled(now))
  const range: TimeRange = { from: earlier(request.from, to), to }
  const known = await deps.stores.coverage.between(request.instrument, '1s', range)
  const chunks = cutChunks(range, known, request.session)
  return deps.stores.transaction(async (tx) => {
    const earlier = request.id === undefined ? null : await tx.backfills.find(request.id)
    if (earlier !== null) return earlier
    const backfill = await tx.backfills.create({ ...request, createdAt: now, chunks })
    await tx.events.append(finished(backfill, now))
    return backfill
  })
}

function cancelBackfill({ stores, market }: BackfillDeps, id: string): Promise<Backfill | null> {
  return stores.transaction(async (tx) => {
    const cancelled = await tx.backfills.cancel(id)
    if (cancelled?.changed) await tx.events.append(finished(cancelled.backfill, market.now()))
    return cancelled?.backfill ?? null
  })
}

/**
 * Completes the last `sessions` closed sessions and the one that is open. Null when nothing is missing, or when all
 * that is missing already waits its turn.
 */
export async function backfillSessions(
  deps: BackfillDeps,
  instrument: Instrument,
  sessions: number,
): Promise<Backfill | null> {
  const range = recentSessions(deps.market.now(), sessions, deps.session)
  return range && planMissing(deps, instrument, range, (known) => known)
}

/**
 * Plans what a range lacks, after a look at what is known of it, and does not wait its turn already. A chunk asks twice
 * for what is bad: what it has left partial is not asked for again. Null when nothing is left to plan.
 */
export async function planMissing(
  deps: BackfillDeps,
  instrument: Instrument,
  range: TimeRange,
  look: (known: CoverageRange[]) => CoverageRange[],
): Promise<Backfill | null> {
  const { coverage, backfills } = deps.stores
  const known = look(await coverage.between(instrument, '1s', range))
  const waiting = await backfills.openRanges(instrument)
  const settled = partialWithin(known, await backfills.doneRanges(instrument, range))
  const left = [...waiting, ...settled].reduce(without, unasked(range, known))
  const chunks = left.toReversed().flatMap((part) => cutChunks(part, [], deps.session))
  if (chunks.length === 0) return null
  return backfills.create({
    ...range,
    instrument,
    session: deps.session,
    createdAt: deps.market.now(),
    chunks,
  })
}

/** What is left of the spans when another is taken out. */
const without = (spans: TimeRange[], taken: TimeRange): TimeRange[] =>
  spans.flatMap((span) => unasked(span, [{ ...taken, state: 'done' }]))

/** From the open of the `count`-th closed session back to the newest settled second; null when there is none. */
function recentSessions(now: EpochMs, count: number, kind: SessionKind): TimeRange | null {
  const open = sessionAt(now, kind)
  let from = open?.from ?? now
  for (let i = 0; i < count; i++) from = previousSession(from, kind).from
  const to = settled(now)
  return from < to ? { from, to } : null
}

const settled = (now: EpochMs): EpochMs => floorTo(epochMs(now - SETTLE_MS), SECOND_MS)

interface EtaDeps {
  readonly stores: Stores
  readonly market: Clock
  readonly pacing: Pick<Pacing, 'share'>
}

/** All waiting chunks share the budget, so all of them are counted, whichever backfill is asked about. */
async function etas(deps: EtaDeps, backfills: readonly Backfill[]): Promise<(EpochMs | null)[]> {
  const isOpen = ({ state }: Backfill) => state === 'queued' || state === 'running'
  if (!backfills.some(isOpen)) return backfills.map(() => null)
  const waiting = await deps.stores.backfills.waitingCount()
  const { requests, windowMs } = await deps.pacing.share('backfill')
  if (requests === 0) return backfills.map(() => null)
  const done = plus(deps.market.now(), Math.ceil(waiting / requests) * windowMs)
  return backfills.map((backfill) => (isOpen(backfill) ? done : null))
}
