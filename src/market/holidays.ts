import { type CalendarDate, FRIDAY, MONDAY, nthWeekday, SATURDAY, SUNDAY, THURSDAY } from './calendarDate.ts'

/** Whether the New York Stock Exchange stays closed all day (NYSE Rule 7.2 and its notices). Holds from 1998 on. */
export const isClosed = (on: CalendarDate): boolean =>
  on.weekday === SATURDAY || on.weekday === SUNDAY || CLOSURES.has(on.date) || isHoliday(on)

/** Whether trading ends at 13:00 on a day that is not closed. */
export function isHalfDay(on: CalendarDate): boolean {
  if (EARLY_CLOSES.has(on.date)) return true
  if (FULL_DAYS.has(on.date)) return false
  const beforeHoliday = on.weekday <= THURSDAY && (isOn(on, 7, 3) || isOn(on, 12, 24))
  return beforeHoliday || isDayAfterThanksgiving(on)
}

/** Minutes after midnight at which regular hours open late, or null on every other day. */
export const lateOpenMinutes = (on: CalendarDate): number | null => LATE_OPENS.get(on.date) ?? null

/** Days of mourning, terror and storm. */
const CLOSURES: ReadonlySet<string> = new Set([
  '2001-09-11', // attack on the World Trade Center
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11', // Ronald Reagan
  '2007-01-02', // Gerald Ford
  '2012-10-29', // hurricane Sandy
  '2012-10-30',
  '2018-12-05', // George H. W. Bush
  '2025-01-09', // Jimmy Carter
])

const EARLY_CLOSES: ReadonlySet<string> = new Set([
  '1999-12-31', // the turn of the year 2000
  '2002-07-05', // the Friday after a Thursday's Independence Day, as the rule was until 2012
  '2003-12-26',
])

/** July 3 of the one year in which July 5 closed early in its stead. */
const FULL_DAYS: ReadonlySet<string> = new Set(['2002-07-03'])

/** The ceremony of 2002-09-11: not before 11:00, not after 12:00; SPY traded within the first of these hours. */
const LATE_OPENS: ReadonlyMap<string, number> = new Map([['2002-09-11', 11 * 60]])

function isHoliday(on: CalendarDate): boolean {
  switch (on.month) {
    case 1:
      // New Year's Day on a Saturday is not observed: the Friday before ends the accounting year.
      return isOn(on, 1, 1) || isSundaysMonday(on, 1, 1) || isNth(on, 3, MONDAY)
    case 2:
      return isNth(on, 3, MONDAY)
    case 3:
    case 4:
      return on.weekday === FRIDAY && isGoodFriday(on)
    case 5:
      return on.weekday === MONDAY && on.day > 31 - 7
    case 6:
      return on.year >= 2022 && isObserved(on, 6, 19)
    case 7:
      return isObserved(on, 7, 4)
    case 9:
      return isNth(on, 1, MONDAY)
    case 11:
      return isNth(on, 4, THURSDAY)
    case 12:
      return isObserved(on, 12, 25)
    default:
      return false
  }
}

const isOn = (on: CalendarDate, month: number, day: number) => on.month === month && on.day === day

/** A fixed holiday is kept on its day, a Saturday's on the Friday before, a Sunday's on the Monday after. */
const isObserved = (on: CalendarDate, month: number, day: number) =>
  isOn(on, month, day) ||
  (on.weekday === FRIDAY && isOn(on, month, day - 1)) ||
  isSundaysMonday(on, month, day)

const isSundaysMonday = (on: CalendarDate, month: number, day: number) =>
  on.weekday === MONDAY && isOn(on, month, day + 1)

const isNth = (on: CalendarDate, nth: number, weekday: number) =>
  on.weekday === weekday && on.day === nthWeekday(nth, weekday, on.year, on.month)

const isDayAfterThanksgiving = (on: CalendarDate) =>
  on.month === 11 && on.weekday === FRIDAY && on.day === nthWeekday(4, THURSDAY, on.year, 11) + 1

/** Two days before Easter Sunday, which the anonymous Gregorian algorithm (Meeus) finds in days after March 1. */
function isGoodFriday({ year, month, day }: CalendarDate): boolean {
  const century = Math.floor(year / 100)
  const golden = year % 19
  const lunar = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25)
  const epact = (lunar + 19 * golden + 15) % 30
  const moon = epact - (epact === 29 || (epact === 28 && golden > 10) ? 1 : 0)
  const solar = year + Math.floor(year / 4) + moon + 2 - century + Math.floor(century / 4)
  const goodFriday = moon - (solar % 7) + 28 - 2
  return day + (month - 3) * 31 === goodFriday
}
