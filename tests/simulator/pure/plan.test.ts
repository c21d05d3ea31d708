import { describe, expect, test } from 'vitest'
import { isoInstant, parseInstant } from '../../../src/market/time.ts'
import { planHistory } from '../../../src/simulator/history/plan.ts'
import type { HistoryRequest } from '../../../src/simulator/history/request.ts'

const NOW = parseInstant('2024-06-03T15:00:00Z')

const request = (wish: Partial<HistoryRequest>): HistoryRequest => ({
  id: 1,
  contract: {
    conId: 0,
    symbol: 'SPY',
    secType: 'STK',
    exchange: 'SMART',
    primaryExchange: '',
    currency: 'USD',
  },
  endTime: '',
  step: '1 secs',
  duration: '1800 S',
  regularHours: true,
  whatToShow: 'TRADES',
  formatDate: 2,
  keepUpToDate: false,
  ...wish,
})

const plan = (wish: Partial<HistoryRequest>) =>
  planHistory(request(wish), { now: NOW, smallBarsExpire: true, regularHoursReach: 'clock' })

const refused: [title: string, wish: Partial<HistoryRequest>, code: number][] = [
  ['an unknown bar size', { step: '7 secs' }, 321],
  ['a bar size with other spelling', { step: '1 sec' }, 321],
  ['an unknown duration', { duration: '1800' }, 321],
  ['no duration at all', { duration: '0 S' }, 321],
  ['more seconds than a day has', { duration: '86401 S', step: '1 min' }, 321],
  ['unknown data', { whatToShow: 'RUMOURS' }, 321],
  ['a format of dates that is none', { formatDate: 3 }, 321],
  ['an end time in another form', { endTime: '2024-06-03' }, 10314],
  ['updates of a closed range', { keepUpToDate: true, endTime: '20240603-14:00:00' }, 321],
  ['a schedule by the minute', { whatToShow: 'SCHEDULE', step: '1 min' }, 321],
]

for (const [title, wish, code] of refused)
  test(`${title} is refused with ${code}`, () => expect(plan(wish)).toMatchObject({ kind: 'refusal', code }))

/** IB's table: a duration with the smallest and the largest size that it allows, and those just beside them. */
const table: [duration: string, allowed: string[], forbidden: string[]][] = [
  ['30 S', ['1 secs', '30 secs'], ['1 min']],
  ['60 S', ['1 secs', '1 min'], ['2 mins']],
  ['120 S', ['1 secs', '2 mins'], ['3 mins']],
  ['1800 S', ['1 secs', '30 mins'], ['1 hour']],
  ['1801 S', ['5 secs', '30 mins'], ['1 secs', '1 hour']],
  ['3600 S', ['5 secs', '1 hour'], ['1 secs', '2 hours']],
  ['14400 S', ['10 secs', '3 hours'], ['5 secs', '4 hours']],
  ['28800 S', ['30 secs', '8 hours'], ['15 secs', '1 day']],
  ['1 D', ['1 min', '1 day'], ['30 secs', '1 week']],
  ['2 D', ['2 mins', '5 mins', '1 day'], ['1 min', '1 week']],
  ['1 W', ['3 mins', '1 week'], ['2 mins', '1 month']],
  ['1 M', ['30 mins', '1 month'], ['20 mins']],
  ['1 Y', ['1 day', '1 month'], ['8 hours']],
  ['10 Y', ['1 day', '1 month'], ['8 hours']],
]

for (const [duration, allowed, forbidden] of table)
  describe(`a duration of ${duration}`, () => {
    for (const step of allowed)
      test(`allows ${step}`, () => expect(plan({ duration, step })).toMatchObject({ kind: 'plan' }))
    for (const step of forbidden)
      test(`does not allow ${step}`, () =>
        expect(plan({ duration, step })).toMatchObject({
          code: 162,
          text: expect.stringContaining('invalid step'),
        }))
  })

/** The range of a request at 11:00 on Monday 2024-06-03, after the holiday of 05-27. */
const ranges: [title: string, wish: Partial<HistoryRequest>, from: string, to: string][] = [
  ['seconds are time', {}, '2024-06-03T14:30:00Z', '2024-06-03T15:00:00Z'],
  [
    'an end in the future is now',
    { endTime: '20240603-16:00:00' },
    '2024-06-03T14:30:00Z',
    '2024-06-03T15:00:00Z',
  ],
  [
    'a day is the open session',
    { duration: '1 D', step: '1 min' },
    '2024-06-03T13:30:00Z',
    '2024-06-03T15:00:00Z',
  ],
  ['days are sessions', { duration: '2 D', step: '5 mins' }, '2024-05-31T13:30:00Z', '2024-06-03T15:00:00Z'],
  [
    'days of all hours begin before dawn',
    { duration: '1 D', step: '1 min', regularHours: false },
    '2024-06-03T08:00:00Z',
    '2024-06-03T15:00:00Z',
  ],
  [
    'holidays are no days',
    { duration: '6 D', step: '5 mins' },
    '2024-05-24T13:30:00Z',
    '2024-06-03T15:00:00Z',
  ],
  [
    'a week is of the calendar',
    { duration: '1 W', step: '1 day' },
    '2024-05-28T04:00:00Z',
    '2024-06-03T15:00:00Z',
  ],
  [
    'a month is of the calendar',
    { duration: '1 M', step: '1 day' },
    '2024-05-04T04:00:00Z',
    '2024-06-03T15:00:00Z',
  ],
  [
    'a year is of the calendar',
    { duration: '1 Y', step: '1 day' },
    '2023-06-04T04:00:00Z',
    '2024-06-03T15:00:00Z',
  ],
  [
    'seconds reach back six months at most',
    { endTime: '20231204-05:10:00' },
    '2023-12-04T05:00:00Z',
    '2023-12-04T05:10:00Z',
  ],
]

for (const [title, wish, from, to] of ranges)
  test(title, () => {
    const found = plan(wish)
    expect(found.kind === 'plan' && [isoInstant(found.from), isoInstant(found.to)]).toEqual([from, to])
  })
