import { calendarDate } from '../market/calendarDate.ts'
import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from '../market/time.ts'
import {
  clockTime,
  dayAndMonth,
  dayOf,
  fullDate,
  monthOf,
  weekdayAndDay,
  weekdayAndNumber,
  yearOf,
} from './exchangeTime.ts'

/** A span of exchange time that axes are cut by. */
export interface TimeUnit {
  /** Of what the exchange's clocks and calendars show (`exchangeMs`): changes where the next one begins. */
  number(shownMs: number): number
  /** Whole days or more: its line stands before its first candle, while a time of day is that candle's own. */
  readonly ofDays: boolean
  /** How its beginning is told, the longest way first. */
  readonly labels: readonly ((at: EpochMs) => string)[]
}

/** The two rows of an axis; the coarser tells what the finer leaves open. */
export interface Ruler {
  readonly fine: TimeUnit
  readonly coarse: TimeUnit | null
}

const ofClock = (stepMs: number): TimeUnit => ({
  number: (shownMs) => Math.floor(shownMs / stepMs),
  ofDays: false,
  labels: [clockTime],
})

const ofDays = (number: (day: number) => number, ...labels: TimeUnit['labels']): TimeUnit => ({
  number: (shownMs) => number(Math.floor(shownMs / DAY_MS)),
  ofDays: true,
  labels,
})

/** Months since year 0. */
function monthNumber(day: number): number {
  const { year, month } = calendarDate(day)
  return year * 12 + month - 1
}

/** From Monday on: day 0 was a Thursday. */
const weekNumber = (day: number): number => Math.floor((day + 3) / 7)

export const DAY = ofDays(
  (number) => number,
  (at) => `${weekdayAndDay(at)} ${yearOf(at)}`,
  fullDate,
  weekdayAndDay,
  dayAndMonth,
  dayOf,
)
const dayInMonth = ofDays((number) => number, weekdayAndNumber, dayOf)
const week = ofDays(weekNumber, dayAndMonth, dayOf)
const month = ofDays(monthNumber, (at) => `${monthOf(at)} ${yearOf(at)}`, monthOf)
const monthInYear = ofDays(monthNumber, monthOf)
const quarter = ofDays((number) => Math.floor(monthNumber(number) / 3), monthOf)
const years = (count: number) => ofDays((number) => Math.floor(calendarDate(number).year / count), yearOf)

const SECOND_STEPS = [1, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS)
const MINUTE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS)

/** The finest first. */
export const RULERS: readonly Ruler[] = [
  ...[...SECOND_STEPS, ...MINUTE_STEPS].map((stepMs) => ({ fine: ofClock(stepMs), coarse: DAY })),
  { fine: dayInMonth, coarse: month },
  { fine: week, coarse: month },
  { fine: monthInYear, coarse: years(1) },
  { fine: quarter, coarse: years(1) },
  { fine: years(1), coarse: null },
  { fine: years(5), coarse: null },
]
