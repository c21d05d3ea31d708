import { dayNumberOf } from '../market/calendarDate.ts'
import { DAY_MS, type EpochMs, epochMs, SECOND_MS } from '../market/time.ts'
import { newYorkInstant, newYorkOffsetMs } from '../market/zone.ts'

/** The name under which TWS speaks of New York's clocks. */
export const EXCHANGE_ZONE = 'US/Eastern'

export const epochSeconds = (at: EpochMs): string => String(Math.floor(at / SECOND_MS))

/** `20131007`: the exchange's date. */
export const exchangeDay = (at: EpochMs): string => isoDigits(at + newYorkOffsetMs(at)).slice(0, 8)

/** `20131007 09:30:00 US/Eastern`. */
export const zonedTime = (at: EpochMs): string =>
  `${clockTime(at + newYorkOffsetMs(at), ' ')} ${EXCHANGE_ZONE}`

/** `20131007-13:30:00`: UTC, as head timestamps travel. */
export const utcTime = (at: EpochMs): string => clockTime(at, '-')

/** `20131007-09:30:00` on New York's clocks, as schedules travel beside a field with the zone. */
export const exchangeTime = (at: EpochMs): string => clockTime(at + newYorkOffsetMs(at), '-')

/** `20131007:0930`, as trading hours travel. */
export const hoursTime = (at: EpochMs): string =>
  exchangeTime(at)
    .replace('-', ':')
    .replace(/(\d\d):(\d\d):00$/, '$1$2')

/** `09:30` on New York's clocks. */
export const minuteOfDay = (at: EpochMs): string => exchangeTime(at).slice(9, 14)

const isoDigits = (ms: number) => new Date(ms).toISOString().replaceAll('-', '')

const clockTime = (ms: number, separator: string) =>
  `${isoDigits(ms).slice(0, 8)}${separator}${isoDigits(ms).slice(9, 17)}`

/** What a request's `endDateTime` says: an instant, whether its zone had to be guessed; or null when it is no time. */
export interface EndTime {
  readonly at: EpochMs
  readonly zoneMissing: boolean
}

const END_TIME = /^(\d{4})(\d\d)(\d\d)([- ])(\d\d):(\d\d):(\d\d)(?: ([\w/+-]+))?$/
const NEW_YORK: ReadonlySet<string> = new Set([EXCHANGE_ZONE, 'America/New_York', 'EST', 'EST5EDT'])
const UTC: ReadonlySet<string> = new Set(['UTC', 'GMT', 'Etc/UTC', 'Universal'])

/**
 * Reads `20131007 09:30:00 US/Eastern`, `20131007-13:30:00` (UTC) and, with `zoneMissing`, `20131007 09:30:00`, which
 * TWS takes for the login's zone. Null for everything else: an impossible date, an unknown zone.
 */
export function parseEndTime(text: string): EndTime | null {
  const [, year, month, day, separator, hour, minute, second, zone] = END_TIME.exec(text) ?? []
  if (year === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const dayNumber = validDay(`${year}-${month}-${day}`)
  if (dayNumber === null) return null
  const timeOfDayMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * SECOND_MS
  return instantIn(zoneOf(separator!, zone), dayNumber, timeOfDayMs)
}

type Zone = 'utc' | 'newYork' | 'missing' | 'unknown'

function zoneOf(separator: string, name: string | undefined): Zone {
  if (separator === '-') return name === undefined ? 'utc' : 'unknown'
  if (name === undefined) return 'missing'
  return NEW_YORK.has(name) ? 'newYork' : UTC.has(name) ? 'utc' : 'unknown'
}

function instantIn(zone: Zone, dayNumber: number, timeOfDayMs: number): EndTime | null {
  if (zone === 'unknown') return null
  if (zone === 'utc') return { at: epochMs(dayNumber * DAY_MS + timeOfDayMs), zoneMissing: false }
  return { at: newYorkInstant(dayNumber, timeOfDayMs), zoneMissing: zone === 'missing' }
}

function validDay(date: string): number | null {
  try {
    return dayNumberOf(date)
  } catch {
    return null // a date that no calendar has: the caller answers 10314
  }
}
