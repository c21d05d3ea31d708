import { type CoverageRange, unasked } from './coverage.ts'
import { type Session, type SessionKind, sessionsBetween } from './session.ts'
import { type EpochMs, epochMs, SECOND_MS, type TimeRange } from './time.ts'

/** The longest request for bars of one second (IB: Historical Data Limitations, "1800 S"). */
const CHUNK_MS = 1_800 * SECOND_MS

/**
 * What has still to be asked for inside the sessions of a range, newest first: pieces of whole seconds, at most 1,800,
 * that cross neither a session's edge nor the grid of 1,800 seconds from its open.
 */
export function cutChunks(range: TimeRange, known: readonly CoverageRange[], kind: SessionKind): TimeRange[] {
  const wanted = wholeSeconds(range, 'outward')
  const solid = known.map((span) => ({ ...span, ...wholeSeconds(span, 'inward') }))
  return sessionsBetween(wanted, kind)
    .flatMap((session) =>
      unasked(overlap(session, wanted), solid).flatMap((part) => cutOnGrid(part, session)),
    )
    .reverse()
}

/** `outward` takes the seconds that a range touches, `inward` those that it fills. */
function wholeSeconds({ from, to }: TimeRange, direction: 'outward' | 'inward'): TimeRange {
  const down = (at: EpochMs) => epochMs(Math.floor(at / SECOND_MS) * SECOND_MS)
  const up = (at: EpochMs) => epochMs(Math.ceil(at / SECOND_MS) * SECOND_MS)
  return direction === 'outward' ? { from: down(from), to: up(to) } : { from: up(from), to: down(to) }
}

const overlap = (a: TimeRange, b: TimeRange): TimeRange => ({
  from: epochMs(Math.max(a.from, b.from)),
  to: epochMs(Math.min(a.to, b.to)),
})

function cutOnGrid(part: TimeRange, session: Session): TimeRange[] {
  const pieces: TimeRange[] = []
  for (let from = part.from; from < part.to; ) {
    const line = from + CHUNK_MS - ((from - session.from) % CHUNK_MS)
    const to = epochMs(Math.min(line, part.to))
    pieces.push({ from, to })
    from = to
  }
  return pieces
}
