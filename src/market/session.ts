import { calendarDate, dayNumberOf } from './calendarDate.ts'
import { isClosed, isHalfDay, lateOpenMinutes } from './holidays.ts'
import { type EpochMs, epochMs, MINUTE_MS, type TimeRange } from './time.ts'
import { newYorkDay, newYorkInstant } from './zone.ts'

/** `rth` regular hours · `all` regular and extended hours. */
export type SessionKind = 'rth' | 'all'

/** One trading day of the exchange, in the hours asked for: `from` opens it, `to` closes it. */
export interface Session extends TimeRange {
  /** The exchange's date, `YYYY-MM-DD`. */
  readonly date: string
}

/** Minutes after midnight in New York. */
const HOURS = {
  rth: { open: 9 * 60 + 30, close: 16 * 60, halfDayClose: 13 * 60 },
  all: { open: 4 * 60, close: 20 * 60, halfDayClose: 17 * 60 },
} as const

/** The calendar knows no session outside these days: before them other rules held, after them nobody knows. */
const FIRST_DAY = dayNumberOf('1998-01-01')
const LAST_DAY = dayNumberOf('2099-12-31')

/** The session of an exchange date, or null when the exchange is closed. Throws a RangeError on anything else. */
export const sessionOn = (date: string, kind: SessionKind): Session | null =>
  sessionOfDay(dayNumberOf(date), kind)

/** The session that is open at `at`, or null. */
export function sessionAt(at: EpochMs, kind: SessionKind): Session | null {
  const session = sessionOfDay(newYorkDay(at), kind)
  return session && session.from <= at && at < session.to ? session : null
}

/** Every session that overlaps the range, whole, oldest first. */
export function sessionsBetween(range: TimeRange, kind: SessionKind): Session[] {
  const sessions: Session[] = []
  const last = Math.min(newYorkDay(range.to), LAST_DAY)
  for (let day = Math.max(newYorkDay(range.from), FIRST_DAY); day <= last; day++) {
    const session = sessionOfDay(day, kind)
    if (session && Math.max(session.from, range.from) < Math.min(session.to, range.to)) sessions.push(session)
  }
  return sessions
}

/** The sessions that close after `at`, at most `most`, oldest first. */
export function sessionsFrom(at: EpochMs, most: number, kind: SessionKind): Session[] {
  const sessions: Session[] = []
  for (let day = Math.max(newYorkDay(at), FIRST_DAY); day <= LAST_DAY && sessions.length < most; day++) {
    const session = sessionOfDay(day, kind)
    if (session && session.to > at) sessions.push(session)
  }
  return sessions
}

/** The first session that opens after `at`. Throws a RangeError beyond the calendar. */
export function nextSession(at: EpochMs, kind: SessionKind): Session {
  for (let day = Math.max(newYorkDay(at), FIRST_DAY); day <= LAST_DAY; day++) {
    const session = sessionOfDay(day, kind)
    if (session && session.from > at) return session
  }
  throw new RangeError(`no session is known after ${calendarDate(LAST_DAY).date}`)
}

/** The last session that closed at or before `at`. Throws a RangeError beyond the calendar. */
export function previousSession(at: EpochMs, kind: SessionKind): Session {
  for (let day = Math.min(newYorkDay(at), LAST_DAY); day >= FIRST_DAY; day--) {
    const session = sessionOfDay(day, kind)
    if (session && session.to <= at) return session
  }
  throw new RangeError(`no session is known before ${calendarDate(FIRST_DAY).date}`)
}

/** The date in New York at `at`, `YYYY-MM-DD`. */
export const exchangeDate = (at: EpochMs): string => calendarDate(newYorkDay(at)).date

/** The day asked for last: bars and decisions ask for the same one again and again. */
const known: Record<SessionKind, { readonly day: number; readonly session: Session | null }> = {
  rth: { day: Number.NaN, session: null },
  all: { day: Number.NaN, session: null },
}

function sessionOfDay(day: number, kind: SessionKind): Session | null {
  if (known[kind].day !== day) known[kind] = { day, session: madeSession(day, kind) }
  return known[kind].session
}

function madeSession(day: number, kind: SessionKind): Session | null {
  if (day < FIRST_DAY || day > LAST_DAY) return null
  const on = calendarDate(day)
  if (isClosed(on)) return null
  const { open, close, halfDayClose } = HOURS[kind]
  const opensAt = kind === 'rth' ? (lateOpenMinutes(on) ?? open) : open
  const closesAt = isHalfDay(on) ? halfDayClose : close
  const from = newYorkInstant(day, opensAt * MINUTE_MS)
  return { date: on.date, from, to: epochMs(from + (closesAt - opensAt) * MINUTE_MS) }
}
