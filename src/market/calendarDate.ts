import { DAY_MS } from './time.ts'

/** A day of the civil calendar, wherever on earth it is. */
export interface CalendarDate {
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** 0 Sunday to 6 Saturday. */
  readonly weekday: number
}

export const SUNDAY = 0
export const MONDAY = 1
export const THURSDAY = 4
export const FRIDAY = 5
export const SATURDAY = 6

/** The days asked for: a run over bars asks for each many times, and making one takes a microsecond. */
const known = new Map<number, CalendarDate>()
const MOST_KNOWN = 20_000

/** The calendar's view of a day counted from 1970-01-01, which is day 0. */
export function calendarDate(dayNumber: number): CalendarDate {
  const before = known.get(dayNumber)
  if (before !== undefined) return before
  if (known.size === MOST_KNOWN) known.clear()
  const day = dateOf(dayNumber)
  known.set(dayNumber, day)
  return day
}

function dateOf(dayNumber: number): CalendarDate {
  const utc = new Date(dayNumber * DAY_MS)
  return {
    date: utc.toISOString().slice(0, 10),
    year: utc.getUTCFullYear(),
    month: utc.getUTCMonth() + 1,
    day: utc.getUTCDate(),
    weekday: utc.getUTCDay(),
  }
}

/** The number of the day `YYYY-MM-DD`, 1970-01-01 being 0. Throws a RangeError on anything that is no date. */
export function dayNumberOf(date: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  // V8 takes the 30th of February for the 1st of March: only a date that comes back unchanged is one.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(date))
    throw new RangeError(`no date: ${date}`)
  return ms / DAY_MS
}

/** The day of the month on which the `nth` `weekday` of a month falls. */
export function nthWeekday(nth: number, weekday: number, year: number, month: number): number {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay()
  return 1 + ((weekday - first + 7) % 7) + (nth - 1) * 7
}
