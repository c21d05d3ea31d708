import { nthWeekday, SUNDAY } from './calendarDate.ts'
import { DAY_MS, type EpochMs, epochMs, HOUR_MS } from './time.ts'

const STANDARD_MS = -5 * HOUR_MS
const DAYLIGHT_MS = -4 * HOUR_MS

/**
 * New York's distance from UTC at `at`, in milliseconds: -4 h in daylight saving time, else -5 h. Holds from 1987 on
 * (15 U.S.C. 260a). Own arithmetic, because Intl takes microseconds where a loop over bars has nanoseconds.
 */
export function newYorkOffsetMs(at: EpochMs): number {
  if (!(at >= known.from && at < known.to)) known = yearOf(at)
  return at >= known.daylightFrom && at < known.daylightTo ? DAYLIGHT_MS : STANDARD_MS
}

/** A year of UTC, and the daylight saving time in it. */
interface Year {
  readonly from: number
  readonly to: number
  readonly daylightFrom: number
  readonly daylightTo: number
}

function yearOf(at: EpochMs): Year {
  const year = new Date(at).getUTCFullYear()
  return {
    from: Date.UTC(year, 0),
    to: Date.UTC(year + 1, 0),
    daylightFrom: daylightStart(year),
    daylightTo: daylightEnd(year),
  }
}

/** The year asked for last: bars are asked for in their order. */
let known = yearOf(epochMs(0))

/** The day of New York's calendar at `at`, counted from 1970-01-01. */
export const newYorkDay = (at: EpochMs): number => Math.floor((at + newYorkOffsetMs(at)) / DAY_MS)

/**
 * The instant at which New York's clocks show `timeOfDayMs` after midnight of a day. Of an hour that comes twice the
 * first; an hour that is left out counts on into the next.
 */
export function newYorkInstant(dayNumber: number, timeOfDayMs: number): EpochMs {
  const local = dayNumber * DAY_MS + timeOfDayMs
  const inDaylightTime = epochMs(local - DAYLIGHT_MS)
  return newYorkOffsetMs(inDaylightTime) === DAYLIGHT_MS ? inDaylightTime : epochMs(local - STANDARD_MS)
}

/** Clocks go forward at 02:00 standard time: since 2007 on March's second Sunday, before on April's first. */
function daylightStart(year: number): number {
  const [month, nth] = year >= 2007 ? [3, 2] : [4, 1]
  return Date.UTC(year, month - 1, nthWeekday(nth, SUNDAY, year, month), 2) - STANDARD_MS
}

/** Clocks go back at 02:00 daylight time: since 2007 on November's first Sunday, before on October's last. */
function daylightEnd(year: number): number {
  const sunday = nthWeekday(1, SUNDAY, year, 11)
  return Date.UTC(year, 10, year >= 2007 ? sunday : sunday - 7, 2) - DAYLIGHT_MS
}
