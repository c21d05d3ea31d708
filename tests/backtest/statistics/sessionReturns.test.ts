import { expect, test } from 'vitest'
import { sessionEnds, sessionReturns } from '../../../src/backtest/statistics/sessionReturns.ts'
import { BarSeries } from '../../../src/market/series.ts'
import { parseInstant } from '../../../src/market/time.ts'

const barsAt = (...instants: string[]) =>
  BarSeries.of(
    instants.map((instant) => ({
      time: parseInstant(instant),
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 0,
      vwap: null,
      tradeCount: null,
    })),
  )

test('a session ends with the last candle of its date in New York', () => {
  // The evening in New York is the next day in UTC.
  const candles = barsAt(
    '2013-10-07T13:30:00Z',
    '2013-10-07T23:55:00Z',
    '2013-10-08T00:05:00Z',
    '2013-10-08T08:00:00Z',
    '2013-10-11T13:30:00Z',
  )
  expect(sessionEnds(candles)).toEqual([2, 3, 4])
})

test('a session ends at midnight on both sides of a change to daylight saving time', () => {
  const candles = barsAt(
    '2013-03-09T04:59:00Z',
    '2013-03-09T05:01:00Z',
    '2013-03-12T03:59:00Z',
    '2013-03-12T04:01:00Z',
  )
  expect(sessionEnds(candles)).toEqual([0, 1, 2, 3])
})

test('without candles no session ends', () => expect(sessionEnds(new BarSeries())).toEqual([]))

test('returns are counted from close to close of the sessions, the first from the start', () => {
  const values = Float64Array.from([95, 110, 300, 99, 198])
  const returns = [...sessionReturns([1, 3, 4], values, 100)]
  expect(returns.map((value) => Math.round(value * 1e12) / 1e12)).toEqual([0.1, -0.1, 1])
})
