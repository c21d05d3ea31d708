import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tradedValue } from '../../src/market/vwap.ts'

test('a traded value is rounded to the nearest step, halves up', () => {
  const price = fc.double({ min: 0.01, max: 200, noNaN: true })
  fc.assert(
    fc.property(price, fc.integer({ min: 0, max: 500_000_000 }), (vwap, volume) => {
      expect(tradedValue(vwap, volume)).toBe(Math.round(vwap * volume * 10_000))
    }),
  )
  expect(tradedValue(0.00005, 1)).toBe(1)
})

test('a bar that has traded at no known price has no value, one that has not is worth nothing', () => {
  expect(tradedValue(null, 100)).toBeNaN()
  expect(tradedValue(Number.NaN, 100)).toBeNaN()
  expect(tradedValue(null, 0)).toBe(0)
})
