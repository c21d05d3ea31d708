import { type CalendarDate, calendarDate } from '../market/calendarDate.ts'
import { type EpochMs, MINUTE_MS } from '../market/time.ts'
import { newYorkDay, newYorkOffsetMs } from '../market/zone.ts'

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** What New York's clocks and calendars show, as milliseconds counted as if there were no offset. */
export const exchangeMs = (at: EpochMs): number => at + newYorkOffsetMs(at)

export const exchangeDay = (at: EpochMs): CalendarDate => calendarDate(newYorkDay(at))

export const yearOf = (at: EpochMs): string => String(exchangeDay(at).year)

/** `Oct`. */
export const monthOf = (at: EpochMs): string => MONTHS[exchangeDay(at).month - 1]!

/** Of the month. */
export const dayOf = (at: EpochMs): string => String(exchangeDay(at).day)

/** `09:30`, with seconds where it has any. */
export const clockTime = (at: EpochMs): string =>
  new Date(exchangeMs(at)).toISOString().slice(11, at % MINUTE_MS === 0 ? 16 : 19)

/** `7 Oct`. */
export const dayAndMonth = (at: EpochMs): string => `${dayOf(at)} ${monthOf(at)}`

/** `Mon 7`. */
export const weekdayAndNumber = (at: EpochMs): string => `${weekdayOf(at)} ${dayOf(at)}`

/** `Mon 7 Oct`. */
export const weekdayAndDay = (at: EpochMs): string => `${weekdayOf(at)} ${dayAndMonth(at)}`

/** `7 Oct 2013`. */
export const fullDate = (at: EpochMs): string => `${dayAndMonth(at)} ${yearOf(at)}`

/** `Mon 7 Oct 2013 09:30`. */
export const fullInstant = (at: EpochMs): string => `${weekdayAndDay(at)} ${yearOf(at)} ${clockTime(at)}`

/** `2013-10-07 09:30`. */
export const sortableInstant = (at: EpochMs): string => `${exchangeDay(at).date} ${clockTime(at)}`

const weekdayOf = (at: EpochMs): string => WEEKDAYS[exchangeDay(at).weekday]!
