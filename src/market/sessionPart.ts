import { sessionAt, sessionOn } from './session.ts'
import { type EpochMs, earlier, later, type TimeRange } from './time.ts'

/** Before the regular hours, in them, and after them. */
export type SessionPart = 'early' | 'regular' | 'late'

export interface PartOfSession extends TimeRange {
  readonly part: SessionPart
}

/** The part of a session in which `at` lies, or null when the exchange is closed. */
export function sessionPartAt(at: EpochMs): PartOfSession | null {
  const all = sessionAt(at, 'all')
  const regular = all && sessionOn(all.date, 'rth')
  if (all === null || regular === null) return null
  if (at < regular.from) return { part: 'early', from: all.from, to: earlier(regular.from, all.to) }
  if (at >= regular.to) return { part: 'late', from: later(regular.to, all.from), to: all.to }
  return { part: 'regular', from: regular.from, to: regular.to }
}
