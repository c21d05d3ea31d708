import { expect, test } from 'vitest'
import { barOf, ibBarSize, ibEndTime, sessionOf, type WireBar } from '../../../src/gateway/translate.ts'
import { BAR_SIZES } from '../../../src/market/barSize.ts'
import { epochMs, isoInstant } from '../../../src/market/time.ts'

const GOOD: WireBar = ['1381152600', 167.43, 167.5, 167.4, 167.49, 1200, 7, 167.4512]

test('bar sizes are written as IB wants them to the letter', () => {
  expect(BAR_SIZES.map(ibBarSize)).toEqual([
    '1 secs',
    '5 secs',
    '10 secs',
    '15 secs',
    '30 secs',
    '1 min',
    '2 mins',
    '3 mins',
    '5 mins',
    '10 mins',
    '15 mins',
    '20 mins',
    '30 mins',
    '1 hour',
    '2 hours',
    '4 hours',
    '1 day',
  ])
})

test('end times are UTC in the dash form', () => {
  expect(ibEndTime(epochMs(Date.UTC(2013, 9, 7, 14, 0, 5)))).toBe('20131007-14:00:05')
})

test('a bar keeps every field', () => {
  expect(barOf(GOOD, '1s')).toEqual({
    time: 1_381_152_600_000,
    open: 167.43,
    high: 167.5,
    low: 167.4,
    close: 167.49,
    volume: 1200,
    vwap: 167.4512,
    tradeCount: 7,
  })
})

const NOT_AVAILABLE = [
  ['-1', -1, -1],
  ['an empty field', undefined, undefined],
  ['the largest number', 2_147_483_647, 1.7014118346046923e38],
] as const
for (const [name, count, wap] of NOT_AVAILABLE) {
  test(`a count and vwap of ${name} are not available`, () => {
    const [time, open, high, low, close, volume] = GOOD
    const bar = barOf([time, open, high, low, close, volume, count, wap], '1s')
    expect(bar).toMatchObject({ vwap: null, tradeCount: null })
  })
}

const IMPOSSIBLE: [string, WireBar, string][] = [
  ['a price of zero', ['1381152600', 0, 167.5, 0, 167.4, 1, 1, 1], 'a price is zero or below'],
  ['a negative price', ['1381152600', 167.4, 167.5, -1, 167.4, 1, 1, 1], 'a price is zero or below'],
  ['NaN', ['1381152600', Number.NaN, 167.5, 167.4, 167.4, 1, 1, 1], 'a price is no number'],
  ['a high below the low', ['1381152600', 167.4, 167.3, 167.4, 167.4, 1, 1, 1], 'high < low'],
  [
    'a low above the close',
    ['1381152600', 167.4, 167.5, 167.4, 167.3, 1, 1, 1],
    'open or close is beyond high or low',
  ],
  ['no volume', ['1381152600', 167.4, 167.5, 167.4, 167.4, -1, 1, 1], 'the volume is missing or below zero'],
  [
    'more shares than a second can hold',
    ['1381152600', 167.4, 167.5, 167.4, 167.4, 3e9, 1, 1],
    'the volume is absurd',
  ],
  ['a date for a time', ['20131007', 167.4, 167.5, 167.4, 167.4, 1, 1, 1], 'the time is unreadable'],
]
for (const [name, wire, reason] of IMPOSSIBLE) {
  test(`a row with ${name} is no bar, and says why`, () => {
    expect(barOf(wire, '1s')).toMatchObject({ reason, sample: expect.stringContaining('167.4') })
  })
}

test('a rejected row keeps what was delivered, NaN included', () => {
  const row = barOf(['1381152600', Number.NaN, 2, 1, 1.5, -1, undefined, 1], '1s')
  const sample =
    '{"time":"2013-10-07T13:30:00Z","open":"NaN","high":2,"low":1,"close":1.5,"volume":-1,"vwap":1}'
  expect(row).toEqual({ time: 1_381_152_600_000, reason: 'a price is no number', sample })
})

test("a session of IB's schedule is read in the exchange's zone on both sides of a clock change", () => {
  const summer = sessionOf({
    startDateTime: '20261030-09:30:00',
    endDateTime: '20261030-16:00:00',
    refDate: '20261030',
  })
  const winter = sessionOf({
    startDateTime: '20261102-09:30:00',
    endDateTime: '20261102-16:00:00',
    refDate: '20261102',
  })
  expect([isoInstant(summer.from), isoInstant(winter.from)]).toEqual([
    '2026-10-30T13:30:00Z',
    '2026-11-02T14:30:00Z',
  ])
})
