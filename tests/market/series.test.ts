import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bar, BarSeries, lowerBound, slice } from '../../src/market/series.ts'
import { epochMs } from '../../src/market/time.ts'

const barAt = (time: number, fields: Partial<Bar> = {}): Bar => ({
  time: epochMs(time),
  ...{ open: 1, high: 2, low: 0.5, close: 1.5, volume: 10, vwap: 1.2, tradeCount: 3 },
  ...fields,
})
const at = (...times: number[]) => BarSeries.of(times.map((time) => barAt(time)))
const times = (bars: BarSeries) => [...bars].map(({ time }) => time)

test('a series gives back its bars, nulls included, however far it has grown', () => {
  const bars = Array.from({ length: 200 }, (_, i) =>
    barAt(i, i % 2 ? { vwap: null } : { open: i, tradeCount: null }),
  )
  const series = BarSeries.of(bars)
  expect(series).toHaveLength(200)
  expect([...series]).toEqual(bars)
})

test('there is no bar outside a series', () => {
  expect(() => at(1, 2).at(2)).toThrow(RangeError)
  expect(() => at(1, 2).at(-1)).toThrow(RangeError)
  expect(() => new BarSeries().at(0)).toThrow(RangeError)
})

test('the columns lie in shared memory', () => {
  expect(at(1).close.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('a slice is half-open', () => {
  expect(times(slice(at(10, 20, 30, 40), epochMs(20), epochMs(40)))).toEqual([20, 30])
  expect(times(slice(at(10), epochMs(11), epochMs(11)))).toEqual([])
})

test('the lower bound is the first bar at or after an instant', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100)), fc.nat(110), (unsorted, instant) => {
      const sorted = [...unsorted].sort((a, b) => a - b)
      const expected = sorted.findIndex((time) => time >= instant)
      expect(lowerBound(at(...sorted), epochMs(instant))).toBe(expected < 0 ? sorted.length : expected)
    }),
  )
})
