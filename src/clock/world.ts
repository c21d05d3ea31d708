import { nextSession, type SessionKind, sessionAt } from '../market/session.ts'
import { type EpochMs, epochMs, MINUTE_MS, plus } from '../market/time.ts'

/** What a simulated market is made of. Two worlds with equal fields tell the same story. */
export interface World {
  /** Market time of its first instant. */
  readonly start: EpochMs
  /** Market milliseconds per real millisecond. */
  readonly speed: number
  readonly seed: number
  /** Hash of the tape that it replays, or the name of its generator. */
  readonly tape: string
  /** Closed hours of these sessions are skipped; null lets nights and weekends pass. */
  readonly skip: SessionKind | null
}

/** Market time as a function of the real milliseconds since the world began. Pure, and never falls. */
export interface Timeline {
  at(realElapsedMs: number): EpochMs
  /** The smallest whole number of real milliseconds after which `at` has reached an instant. */
  elapsed(at: EpochMs): number
}

/** A stretch of market time without a jump: [from, to), reached after `lived` market milliseconds. */
interface Stretch {
  readonly lived: number
  readonly from: EpochMs
  readonly to: EpochMs | null
}

/**
 * With `skip`, the clock jumps from 60 s after a close to 60 s before the next open: a demo never sleeps, and the
 * minute on either side lets the collector fetch the last bars and everybody see the market open.
 */
const MARGIN_MS = MINUTE_MS

export function timeline({ start, speed, skip }: World): Timeline {
  const stretches: Stretch[] = [firstStretch(start, skip)]
  const grownUntil = (reached: (stretch: Stretch) => boolean) => {
    for (let last = stretches.at(-1)!; last.to !== null && skip && !reached(last); last = stretches.at(-1)!)
      stretches.push(nextStretch(last, skip))
  }
  const at = (realElapsedMs: number): EpochMs => {
    const lived = Math.floor(Math.max(0, realElapsedMs) * speed)
    grownUntil((last) => last.lived > lived)
    const stretch = lastWhere(stretches, (it) => it.lived <= lived)
    return plus(stretch.from, lived - stretch.lived)
  }
  const elapsed = (instant: EpochMs): number => {
    grownUntil((last) => last.from > instant)
    const stretch = lastWhere(stretches, (it) => it.from <= instant)
    const lived = stretch.lived + (Math.min(instant, stretch.to ?? instant) - stretch.from)
    return smallestReaching(instant, Math.floor(Math.max(0, lived) / speed), at)
  }
  return { at, elapsed }
}

/** The stretch in which the world begins. A start inside skipped hours jumps at once. */
function firstStretch(start: EpochMs, skip: SessionKind | null): Stretch {
  if (!skip) return { lived: 0, from: start, to: null }
  const notYetLeft = plus(start, -MARGIN_MS)
  const session = sessionAt(notYetLeft, skip) ?? nextSession(notYetLeft, skip)
  const from = epochMs(Math.max(start, session.from - MARGIN_MS))
  return { lived: 0, from, to: plus(session.to, MARGIN_MS) }
}

function nextStretch({ lived, from, to }: Stretch, skip: SessionKind): Stretch {
  const session = nextSession(to!, skip)
  return {
    lived: lived + (to! - from),
    from: plus(session.from, -MARGIN_MS),
    to: plus(session.to, MARGIN_MS),
  }
}

/** The last stretch for which `holds`, which is true up to some stretch and false from there on; else the first. */
function lastWhere(stretches: readonly Stretch[], holds: (stretch: Stretch) => boolean): Stretch {
  let low = 0
  for (let high = stretches.length; high - low > 1; ) {
    const middle = (low + high) >>> 1
    if (holds(stretches[middle]!)) low = middle
    else high = middle
  }
  return stretches[low]!
}

/** Mends the last place of a division: `guess` is at most a few milliseconds off. */
function smallestReaching(instant: EpochMs, guess: number, at: (realElapsedMs: number) => EpochMs): number {
  let real = guess
  while (real > 0 && at(real - 1) >= instant) real--
  while (at(real) < instant) real++
  return real
}
