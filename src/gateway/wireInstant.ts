import { dayNumberOf } from '../market/calendarDate.ts'
import { DAY_MS, type EpochMs, epochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../market/time.ts'
import { newYorkInstant } from '../market/zone.ts'
import { dateOf } from './translate.ts'

const WALL_TIME = /^(\d{8})(-| +)(\d\d):(\d\d):(\d\d)(?: +(\S.*))?$/
const NEW_YORK = ['US/Eastern', 'America/New_York', 'EST', 'EDT', 'EST5EDT']

/**
 * An instant as TWS writes it with orders: `yyyymmdd hh:mm:ss zone`, the zone that of the login, or
 * `yyyymmdd-hh:mm:ss` in UTC. Null when it cannot be read.
 */
export function wireInstant(text: string): EpochMs | null {
  const [, date, joint, hours, minutes, seconds, zone] = WALL_TIME.exec(text.trim()) ?? []
  if (date === undefined) return null
  const timeOfDayMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS
  try {
    const day = dayNumberOf(dateOf(date))
    const utc = epochMs(day * DAY_MS + timeOfDayMs)
    if (zone === undefined) return joint === '-' ? utc : newYorkInstant(day, timeOfDayMs)
    return NEW_YORK.includes(zone) ? newYorkInstant(day, timeOfDayMs) : inZone(utc, zone)
  } catch {
    // A date that does not exist, or a zone that nobody knows.
    return null
  }
}

/** The instant at which the clocks of `zone` show what UTC's show at `shown`. */
function inZone(shown: EpochMs, zone: string): EpochMs {
  const first = epochMs(shown - offsetMs(shown, zone))
  return epochMs(shown - offsetMs(first, zone))
}

function offsetMs(at: EpochMs, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /^GMT([+-])(\d+):(\d+)/.exec(name) ?? []
  const distance = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS
  return sign === '-' ? -distance : distance
}
