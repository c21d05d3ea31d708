import { calendarDate, FRIDAY, MONDAY, SATURDAY, SUNDAY } from '../market/calendarDate.ts'
import { type EpochMs, MINUTE_MS, type TimeRange } from '../market/time.ts'
import { newYorkDay, newYorkInstant } from '../market/zone.ts'

/**
 * Times at which IB is away by its own plan. `nightlyReset` (IB: System Status, with the daily restart of TWS before
 * it) · `weekend`, Friday night · `weeklyLogin`: on Sunday at 01:00 every login ends, and a person must renew it.
 */
export type DowntimeName = 'nightlyReset' | 'weekend' | 'weeklyLogin'

export interface Downtime extends TimeRange {
  readonly name: DowntimeName
}

const time = (hour: number, minute: number): number => (hour * 60 + minute) * MINUTE_MS

/** The planned absence that `at` lies in, or null. */
export function downtimeAt(at: EpochMs): Downtime | null {
  const today = newYorkDay(at)
  const found = [today - 1, today].flatMap(downtimesFrom).find(({ from, to }) => from <= at && at < to)
  return found ?? null
}

/** What begins on a day of New York's calendar. */
function downtimesFrom(day: number): Downtime[] {
  const { weekday } = calendarDate(day)
  const span = (name: DowntimeName, from: number, to: number): Downtime => ({
    name,
    from: newYorkInstant(day, from),
    to: newYorkInstant(day, to),
  })
  if (weekday === FRIDAY) return [span('nightlyReset', time(0, 15), time(1, 45)), weekendFrom(day)]
  if (weekday === SATURDAY) return []
  if (weekday === SUNDAY) return [span('weeklyLogin', time(0, 15), time(1, 45)), nightFrom(day)]
  return [span('nightlyReset', time(0, 15), time(1, 45)), nightFrom(day)]
}

const weekendFrom = (day: number): Downtime => ({
  name: 'weekend',
  from: newYorkInstant(day, time(23, 0)),
  to: newYorkInstant(day + 1, time(3, 0)),
})

/** TWS restarts itself shortly before midnight, unless it is told another hour. */
const nightFrom = (day: number): Downtime => ({
  name: 'nightlyReset',
  from: newYorkInstant(day, time(23, 40)),
  to: newYorkInstant(day + 1, time(0, 15)),
})

/** Whether the login that ends every Sunday may not have been renewed yet: until the first session of the week. */
export const isLoginWeekend = (at: EpochMs): boolean => {
  const day = newYorkDay(at)
  const { weekday } = calendarDate(day)
  if (weekday === SUNDAY) return at >= newYorkInstant(day, time(1, 0))
  return weekday === MONDAY && at < newYorkInstant(day, time(9, 30))
}
