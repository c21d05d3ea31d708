import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domainOf, linear, roomy, roundTicks } from '../../src/chart/scales.ts'

const ticks = [
  { title: 'prices of a day', low: 165.2, high: 168.1, most: 8, step: 0.5, decimals: 1 },
  { title: 'prices of a decade', low: 68, high: 213, most: 8, step: 20, decimals: 0 },
  { title: 'cents', low: 167.7, high: 167.76, most: 8, step: 0.01, decimals: 2 },
  { title: 'millions of shares', low: 0, high: 9_900_000, most: 3, step: 5_000_000, decimals: 0 },
  { title: 'a single tick', low: 0.3, high: 0.9, most: 1, step: 1, decimals: 0 },
]

for (const { title, low, high, most, ...expected } of ticks)
  test(`${title} are cut at round values`, () => {
    expect(roundTicks({ low, high }, most)).toMatchObject(expected)
  })

const somePrices = fc
  .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
  .map(([low, span]) => ({ low, high: low + span }))

test('ticks lie inside their domain, evenly apart, no more than asked for, each a multiple of the step', () => {
  fc.assert(
    fc.property(somePrices, fc.integer({ min: 1, max: 20 }), (domain, most) => {
      const { values, step, decimals } = roundTicks(domain, most)
      expect(values.length).toBeLessThanOrEqual(most + 1)
      for (const [k, value] of values.entries()) {
        expect(value).toBeGreaterThanOrEqual(domain.low - step * 1e-6)
        expect(value).toBeLessThanOrEqual(domain.high + step * 1e-6)
        expect(Number(value.toFixed(decimals))).toBeCloseTo(value, 9)
        if (k > 0) expect(value - values[k - 1]!).toBeCloseTo(step, 6)
      }
    }),
  )
})

test('a scale maps the ends of its domain to the ends of its pixels', () => {
  const y = linear({ low: 10, high: 20 }, 500, 100)
  expect([10, 15, 20].map(y)).toEqual([500, 300, 100])
})

test('what is no number spans nothing', () => {
  expect(domainOf([Number.NaN, Number.POSITIVE_INFINITY])).toBeNull()
  expect(domainOf([3, Number.NaN], [1])).toEqual({ low: 1, high: 3 })
})

test('a domain always has a span', () => {
  for (const domain of [null, { low: 0, high: 0 }, { low: 168, high: 168 }]) {
    const { low, high } = roomy(domain, 0.1, 0.1)
    expect(high).toBeGreaterThan(low)
  }
})
