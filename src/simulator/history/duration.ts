import { calendarDate } from '../../market/calendarDate.ts'
import { type SessionKind, sessionsBetween } from '../../market/session.ts'
import { DAY_MS, type EpochMs, epochMs, plus, SECOND_MS } from '../../market/time.ts'
import { newYorkDay, newYorkInstant } from '../../market/zone.ts'

/** How far back a request reaches: `1800 S`, `2 D`, `1 W`, `6 M`, `1 Y`. */
export interface Duration {
  readonly count: number
  readonly unit: 'S' | 'D' | 'W' | 'M' | 'Y'
}

const UNIT_MS = { S: SECOND_MS, D: DAY_MS, W: 7 * DAY_MS, M: 30 * DAY_MS, Y: 365 * DAY_MS } as const

/** Reads a duration; null when it is none of IB's. Seconds end at a day, days at a year: TWS refuses more. */
export function parseDuration(text: string): Duration | null {
  const [, digits, unit] = /^(\d{1,5}) ([SDWMY])$/.exec(text) ?? []
  if (digits === undefined || Number(digits) === 0) return null
  const duration = { count: Number(digits), unit: unit as Duration['unit'] }
  return isWithinUnit(duration) ? duration : null
}

const isWithinUnit = ({ count, unit }: Duration) =>
  (unit !== 'S' || count <= 86_400) &&
  (unit !== 'D' || count <= 365) &&
  count * UNIT_MS[unit] <= 40 * UNIT_MS.Y

/** The length against which bar sizes are checked. */
export const nominalMs = ({ count, unit }: Duration): number => count * UNIT_MS[unit]

/**
 * Where a request that ends at `end` begins. Seconds are time; days are sessions, the open one counted; weeks, months
 * and years are of the calendar and end with the day of `end`.
 */
export function startOf({ count, unit }: Duration, end: EpochMs, kind: SessionKind): EpochMs {
  if (unit === 'S') return plus(end, -count * SECOND_MS)
  if (unit === 'D') return sessionsBack(count, end, kind)
  const today = calendarDate(newYorkDay(end))
  if (unit === 'W') return newYorkInstant(newYorkDay(end) - 7 * count + 1, 0)
  const months = unit === 'M' ? count : 12 * count
  return newYorkInstant(Date.UTC(today.year, today.month - 1 - months, today.day) / DAY_MS + 1, 0)
}

/** The same, but seconds are time in which the sessions were open: they reach back over nights and weekends. */
export function startOfTrading(duration: Duration, end: EpochMs, kind: SessionKind): EpochMs {
  if (duration.unit !== 'S') return startOf(duration, end, kind)
  let leftMs = duration.count * SECOND_MS
  for (const session of sessionsBetween({ from: plus(end, -LONGEST_BREAK_MS), to: end }, kind).toReversed()) {
    const openMs = Math.min(session.to, end) - session.from
    if (openMs >= leftMs) return plus(session.from, openMs - leftMs)
    leftMs -= openMs
  }
  return plus(end, -LONGEST_BREAK_MS)
}

/** A day's seconds are found within this, whatever holidays lie between. */
const LONGEST_BREAK_MS = 30 * DAY_MS

/** The opening of the last `count` sessions that opened before `end`; weekends and holidays are given room. */
function sessionsBack(count: number, end: EpochMs, kind: SessionKind): EpochMs {
  const reach = epochMs(end - (2 * count + 10) * DAY_MS)
  return sessionsBetween({ from: reach, to: end }, kind).at(-count)?.from ?? reach
}

/** The instant six calendar months before `now`: IB keeps smaller bars no longer. */
export const sixMonthsBefore = (now: EpochMs): EpochMs => startOf({ count: 6, unit: 'M' }, now, 'all')
