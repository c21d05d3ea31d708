import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amount } from '../../src/market/money.ts'

test.each([
  [730.0999999999881, 730.1],
  [0.1 + 0.2, 0.3],
  [-1e-12, 0],
  [1_000_730.0999999999, 1_000_730.1],
])('%d is told as %d', (value, told) => {
  expect(amount(value)).toBe(told)
})

test('what has no noise is told to its last digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (millionths) => {
      expect(amount(millionths / 1e6)).toBe(millionths / 1e6)
    }),
  )
})
