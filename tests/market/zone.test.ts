import { expect, test } from 'vitest'
import { calendarDate } from '../../src/market/calendarDate.ts'
import { DAY_MS, type EpochMs, epochMs, HOUR_MS, MINUTE_MS } from '../../src/market/time.ts'
import { newYorkDay, newYorkInstant, newYorkOffsetMs } from '../../src/market/zone.ts'

const clockOfNewYork = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/New_York',
  dateStyle: 'short',
  timeStyle: 'medium',
})
const intlOffsetMs = (at: EpochMs) => Date.parse(`${clockOfNewYork.format(at).replace(' ', 'T')}Z`) - at

const utc = (text: string) => epochMs(Date.parse(text))

test('the offset of New York is that of the tz database, every six hours from 1998 to 2040', () => {
  const wrong: string[] = []
  for (let at = Date.UTC(1998, 0, 1); at < Date.UTC(2040, 0, 1); at += 6 * HOUR_MS)
    if (newYorkOffsetMs(epochMs(at)) !== intlOffsetMs(epochMs(at))) wrong.push(new Date(at).toISOString())
  expect(wrong).toEqual([])
})

test.each([
  ['2006-04-02T07:00:00Z', -5, -4],
  ['2006-10-29T06:00:00Z', -4, -5],
  ['2007-03-11T07:00:00Z', -5, -4],
  ['2007-11-04T06:00:00Z', -4, -5],
  ['2028-03-12T07:00:00Z', -5, -4],
])('at %s New York goes from %d to %d hours', (text, before, after) => {
  expect(newYorkOffsetMs(epochMs(utc(text) - 1)) / HOUR_MS).toBe(before)
  expect(newYorkOffsetMs(utc(text)) / HOUR_MS).toBe(after)
})

test.each([
  ['2024-07-03', 9.5, '2024-07-03T13:30:00Z'],
  ['2024-12-24', 9.5, '2024-12-24T14:30:00Z'],
  ['2024-03-10', 1.5, '2024-03-10T06:30:00Z'],
  ['2024-03-10', 2.5, '2024-03-10T07:30:00Z'], // an hour that is left out counts on into the next
  ['2024-11-03', 1.5, '2024-11-03T05:30:00Z'], // of an hour that comes twice the first
  ['2024-11-03', 2, '2024-11-03T07:00:00Z'],
])('%s, %d hours after midnight, is %s', (date, hours, expected) => {
  expect(newYorkInstant(Date.parse(date) / DAY_MS, hours * HOUR_MS)).toBe(utc(expected))
})

test('an instant comes back from its day and time of day, outside the hour that comes twice', () => {
  for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2025, 0, 1); at += 37 * MINUTE_MS) {
    const local = at + newYorkOffsetMs(epochMs(at))
    const back = newYorkInstant(newYorkDay(epochMs(at)), local - newYorkDay(epochMs(at)) * DAY_MS)
    if (calendarDate(newYorkDay(epochMs(at))).date !== '2024-11-03') expect(back).toBe(at)
  }
})
