import { expect, test } from 'vitest'
import { calendarDifferences } from '../../../src/collection/checkCalendar.ts'
import { type Session, sessionsBetween } from '../../../src/market/session.ts'
import { HOUR_MS, parseInstant, plus } from '../../../src/market/time.ts'

/** Thanksgiving week of 2026: a holiday and a half day. */
const WEEK = { from: parseInstant('2026-11-23T05:00:00Z'), to: parseInstant('2026-11-28T05:00:00Z') }
const sessions = (): Session[] => sessionsBetween(WEEK, 'rth')

test('a broker with the same sessions has nothing to tell', () => {
  expect(sessions()).toHaveLength(4)
  expect(calendarDifferences(sessions())).toEqual([])
})

test('an early close that we do not know is told with both hours', () => {
  const theirs = sessions().map((it, i) => (i === 1 ? { ...it, to: plus(it.to, -3 * HOUR_MS) } : it))
  expect(calendarDifferences(theirs)).toEqual([
    '2026-11-24: broker 2026-11-24T14:30:00Z..2026-11-24T18:00:00Z, ours 2026-11-24T14:30:00Z..2026-11-24T21:00:00Z',
  ])
})

test('a closure that only the broker knows, and a session that only it has, are told', () => {
  const holiday = { date: '2026-11-26', from: plus(WEEK.to, -34 * HOUR_MS), to: plus(WEEK.to, -30 * HOUR_MS) }
  const theirs = [...sessions().filter((it) => it.date !== '2026-11-25'), holiday]
  const told = calendarDifferences(theirs.toSorted((a, b) => a.from - b.from))
  expect(told).toHaveLength(2)
  expect(told[0]).toMatch(/^2026-11-26: .* ours closed$/)
  expect(told[1]).toMatch(/^2026-11-25: broker closed/)
})
