import { expect, test } from 'vitest'
import { candleClose, candleSpan, tradableFrom } from '../../src/market/candleClose.ts'
import { isoInstant, parseInstant } from '../../src/market/time.ts'

const hours = (session: 'rth' | 'all', align: 'session' | 'clock') =>
  ({ size: '1h', session, align }) as const

const table = [
  {
    title: 'an hour from the open',
    grid: hours('rth', 'session'),
    time: '2013-10-07T13:30:00Z',
    closes: '2013-10-07T14:30:00Z',
  },
  {
    title: 'the last half hour',
    grid: hours('rth', 'session'),
    time: '2013-10-07T19:30:00Z',
    closes: '2013-10-07T20:00:00Z',
  },
  {
    title: 'an hour of the clock that begins before the open',
    grid: hours('rth', 'clock'),
    time: '2013-10-07T13:00:00Z',
    closes: '2013-10-07T14:00:00Z',
  },
  {
    title: 'an imported hour',
    grid: hours('all', 'clock'),
    time: '2013-10-07T13:00:00Z',
    closes: '2013-10-07T14:00:00Z',
  },
  {
    title: 'the last half hour of a half day',
    grid: hours('rth', 'session'),
    time: '2013-11-29T17:30:00Z',
    closes: '2013-11-29T18:00:00Z',
  },
  {
    title: 'an hour in summer time',
    grid: hours('rth', 'session'),
    time: '2013-07-01T13:30:00Z',
    closes: '2013-07-01T14:30:00Z',
  },
  {
    title: 'an hour in winter time',
    grid: hours('rth', 'session'),
    time: '2013-12-02T14:30:00Z',
    closes: '2013-12-02T15:30:00Z',
  },
  {
    title: 'an hour outside all sessions',
    grid: hours('all', 'clock'),
    time: '2013-10-06T15:00:00Z',
    closes: '2013-10-06T16:00:00Z',
  },
]

test.each(table)('$title closes at $closes', ({ grid, time, closes }) => {
  expect(isoInstant(candleClose(grid, parseInstant(time)))).toBe(closes)
})

test('a candle of the clock spans no more than the session', () => {
  const { from, to } = candleSpan(hours('rth', 'clock'), parseInstant('2013-10-07T13:00:00Z'))
  expect([from, to].map(isoInstant)).toEqual(['2013-10-07T13:30:00Z', '2013-10-07T14:00:00Z'])
})

test.each([
  { title: 'inside the session at once', time: '2013-10-07T18:30:00Z', from: '2013-10-07T19:30:00Z' },
  {
    title: 'after the last close at the next open',
    time: '2013-10-07T19:30:00Z',
    from: '2013-10-08T13:30:00Z',
  },
  { title: 'after a half day on Monday', time: '2013-11-29T17:30:00Z', from: '2013-12-02T14:30:00Z' },
])('a decision can trade $title', ({ time, from }) => {
  expect(isoInstant(tradableFrom(hours('rth', 'session'), parseInstant(time)))).toBe(from)
})
