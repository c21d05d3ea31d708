import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  exchangeDate,
  nextSession,
  previousSession,
  type Session,
  type SessionKind,
  sessionAt,
  sessionOn,
  sessionsBetween,
  sessionsFrom,
} from '../../src/market/session.ts'
import { DAY_MS, type EpochMs, epochMs, HOUR_MS, plus, type TimeRange } from '../../src/market/time.ts'
import { haveSamples, sampleBars, WITHOUT_SAMPLES } from '../support/samples.ts'
import { CLOCK_CHANGES, HALF_DAYS_1998_TO_2023, PUBLISHED_YEARS, SPECIAL_CLOSURES } from './calendarTable.ts'

const words = (text: string) => text.trim().split(/\s+/)
const instant = (text: string) => epochMs(Date.parse(text))
const years = (from: number, to: number): TimeRange => ({
  from: instant(`${from}-01-01T05:00:00Z`),
  to: instant(`${to + 1}-01-01T05:00:00Z`),
})
const hours = (session: Session) => (session.to - session.from) / HOUR_MS
const timeOfDay = (at: EpochMs) => new Date(at).toISOString().slice(11, 16)
const span = (session: Session | null) => session && `${timeOfDay(session.from)}-${timeOfDay(session.to)}`

function weekdaysWithoutSession(year: number): string[] {
  const closed: string[] = []
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10)
    if (new Date(at).getUTCDay() % 6 !== 0 && !sessionOn(date, 'rth')) closed.push(date)
  }
  return closed
}

describe.each(PUBLISHED_YEARS)('the year $year', ({ year, sessions, closed, halfDays }) => {
  const dates = (text: string) => words(text).map((day) => `${year}-${day}`)

  test('is closed on the published holidays and on no other weekday', () => {
    expect(weekdaysWithoutSession(year)).toEqual(dates(closed))
  })

  test('closes early on the published days and on no other', () => {
    const early = sessionsBetween(years(year, year), 'rth').filter((session) => hours(session) !== 6.5)
    expect(early.map(({ date }) => date)).toEqual(dates(halfDays))
  })

  test('has the published number of sessions, of either kind', () => {
    for (const kind of ['rth', 'all'] as const)
      expect(sessionsBetween(years(year, year), kind)).toHaveLength(sessions)
  })
})

test.each(CLOCK_CHANGES)('on $date the exchange is open at $rth UTC, with extended hours at $all', (day) => {
  expect(span(sessionOn(day.date, 'rth'))).toBe(day.rth)
  expect(span(sessionOn(day.date, 'all'))).toBe(day.all)
})

test.each([
  ['2024-07-03', '13:30-17:00', '08:00-21:00'],
  ['2024-12-24', '14:30-18:00', '09:00-22:00'],
])('on the half day %s regular hours end at 13:00 and extended hours at 17:00', (date, rth, all) => {
  expect(span(sessionOn(date, 'rth'))).toBe(rth)
  expect(span(sessionOn(date, 'all'))).toBe(all)
})

test.each(words(SPECIAL_CLOSURES))('the exchange is closed on %s', (date) => {
  expect(sessionOn(date, 'rth')).toBeNull()
  expect(sessionOn(date, 'all')).toBeNull()
})

test('the early closes of 1998 to 2023 are those of the exchange', () => {
  const early = sessionsBetween(years(1998, 2023), 'rth').filter((session) => hours(session) === 3.5)
  expect(early.map(({ date }) => date)).toEqual(words(HALF_DAYS_1998_TO_2023))
})

test('regular hours open at 11:00 on the anniversary of the attack, 2002-09-11', () => {
  expect(span(sessionOn('2002-09-11', 'rth'))).toBe('15:00-20:00')
  expect(span(sessionOn('2002-09-11', 'all'))).toBe('08:00-00:00')
})

test('Good Friday is closed in every year, as Gauss finds Easter', () => {
  for (let year = 1998; year <= 2099; year++) expect(sessionOn(goodFriday(year), 'rth')).toBeNull()
})

/** Gauss's formula for the years 1900 to 2099. */
function goodFriday(year: number): string {
  const d = (19 * (year % 19) + 24) % 30
  const e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
  const late = d + e === 35 || (d === 28 && e === 6 && year % 19 > 10)
  return new Date(Date.UTC(year, 2, 20 + d + e - (late ? 7 : 0))).toISOString().slice(0, 10)
}

test('a range takes the sessions that it touches, whole', () => {
  const { from, to } = sessionOn('2024-07-03', 'rth')!
  expect(sessionsBetween({ from: plus(to, -1), to: plus(to, DAY_MS) }, 'rth').map((s) => s.date)).toEqual([
    '2024-07-03',
  ])
  expect(sessionsBetween({ from: to, to: plus(to, DAY_MS) }, 'rth')).toEqual([])
  expect(sessionsBetween({ from: plus(from, 5), to: plus(from, 5) }, 'rth')).toEqual([])
})

test('the calendar begins in 1998 and ends in 2099', () => {
  const everything = { from: instant('1970-01-01T00:00:00Z'), to: instant('2200-01-01T00:00:00Z') }
  const sessions = sessionsBetween(everything, 'rth')
  expect([sessions[0]?.date, sessions.at(-1)?.date]).toEqual(['1998-01-02', '2099-12-31'])
  expect(nextSession(everything.from, 'rth')).toEqual(sessions[0])
  expect(previousSession(everything.to, 'rth')).toEqual(sessions.at(-1))
  expect(() => previousSession(everything.from, 'rth')).toThrow(RangeError)
  expect(() => nextSession(everything.to, 'rth')).toThrow(RangeError)
})

test.each(['2024-02-30', '2024-1-2', 'today', '2024-07-03T00:00:00Z'])('%s is no date', (text) => {
  expect(() => sessionOn(text, 'rth')).toThrow(RangeError)
})

test('the exchange keeps its date until midnight in New York', () => {
  expect(exchangeDate(instant('2024-07-04T03:59:59Z'))).toBe('2024-07-03')
  expect(exchangeDate(instant('2024-07-04T04:00:00Z'))).toBe('2024-07-04')
  expect(exchangeDate(instant('2024-12-25T04:59:59Z'))).toBe('2024-12-24')
})

const someKind = fc.constantFrom<SessionKind>('rth', 'all')
const someInstant = fc.integer({ min: Date.UTC(1998, 1, 1), max: Date.UTC(2040, 0, 1) }).map(epochMs)

test('sessions follow each other and never overlap', () => {
  for (const kind of ['rth', 'all'] as const) {
    const edges = sessionsBetween(years(1998, 2099), kind).flatMap(({ from, to }) => [from, to])
    expect(edges.every((at, i) => i === 0 || edges[i - 1]! < at)).toBe(true)
  }
})

test('the next session and the previous one are inverse', () => {
  fc.assert(
    fc.property(someInstant, someKind, (at, kind) => {
      const next = nextSession(at, kind)
      const previous = previousSession(at, kind)
      expect(next.from).toBeGreaterThan(at)
      expect(previous.to).toBeLessThanOrEqual(at)
      expect(nextSession(previousSession(next.from, kind).from, kind)).toEqual(next)
      expect(previousSession(nextSession(previous.from, kind).from, kind)).toEqual(previous)
    }),
  )
})

test('an instant is in a session exactly when the range of its millisecond touches one', () => {
  fc.assert(
    fc.property(someInstant, someKind, (at, kind) => {
      const [touched = null] = sessionsBetween({ from: at, to: plus(at, 1) }, kind)
      expect(sessionAt(at, kind)).toEqual(touched)
      const { date } = nextSession(at, kind)
      expect(sessionOn(date, kind)?.date).toBe(date)
    }),
  )
})

describe.skipIf(!haveSamples)(`the sample bars (skipped where ${WITHOUT_SAMPLES})`, () => {
  test('SPY traded on the days with a session from 1998 to 2015, and on no other', () => {
    const traded = new Set<string>()
    for (const bar of sampleBars('SPY-1h-1998-2015.csv.gz')) traded.add(exchangeDate(bar.time))
    expect([...traded]).toEqual(sessionsBetween(years(1998, 2015), 'rth').map(({ date }) => date))
  })

  test.each(['SPY-1s-20131007', 'SPY-1s-20131008', 'SPY-1m-20131004', 'IBM-1s-20131007'])(
    'every bar of %s lies in extended hours',
    (name) => {
      const bars = sampleBars(`${name}.csv.gz`)
      const { from, to } = sessionAt(bars.at(0).time, 'all')!
      expect(bars.at(0).time).toBeGreaterThanOrEqual(from)
      expect(bars.at(bars.length - 1).time).toBeLessThan(to)
    },
  )
})

test.each(['rth', 'all'] as const)(
  'the next sessions of %s are those of a range that begins there',
  (kind) => {
    const { from, to } = years(2013, 2014)
    const instants = fc.integer({ min: from, max: to - 30 * DAY_MS }).map((at) => epochMs(at))
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 12 }), (at, most) => {
        const whole = sessionsBetween({ from: at, to: plus(at, 30 * DAY_MS) }, kind)
        expect(sessionsFrom(at, most, kind)).toEqual(whole.slice(0, most))
      }),
    )
    const { to: close } = sessionOn('2013-10-07', kind)!
    expect(sessionsFrom(close, 1, kind)[0]!.date).toBe('2013-10-08')
    expect(sessionsFrom(plus(close, -1), 1, kind)[0]!.date).toBe('2013-10-07')
    expect(sessionsFrom(instant('1990-01-01T00:00:00Z'), 1, kind)[0]!.date).toBe('1998-01-02')
    expect(sessionsFrom(instant('2100-01-05T00:00:00Z'), 1, kind)).toEqual([])
  },
)
