import fc from 'fast-check'
import * as independent from 'simple-statistics'
import { expect, test } from 'vitest'
import {
  downsideDeviation,
  kurtosis,
  mean,
  normalProbability,
  regression,
  sampleDeviation,
  skewness,
} from '../../../src/backtest/statistics/moments.ts'

const numbers = fc
  .array(fc.integer({ min: -9_999, max: 9_999 }), { minLength: 4, maxLength: 60 })
  .filter((sample) => new Set(sample).size > 1)
  .map((sample) => sample.map((n) => n / 10_000))

const close = (value: number, other: number) =>
  expect(Math.abs(value - other)).toBeLessThan(1e-9 * Math.max(1, Math.abs(other)))

test('mean and sample deviation are those of an independent package', () => {
  fc.assert(
    fc.property(numbers, (sample) => {
      close(mean(sample), independent.mean(sample))
      close(sampleDeviation(sample), independent.sampleStandardDeviation(sample))
    }),
  )
})

test('skewness and kurtosis are those of an independent package without its correction', () => {
  fc.assert(
    fc.property(numbers, (sample) => {
      const n = sample.length
      const corrected = (skewness(sample) * Math.sqrt(n * (n - 1))) / (n - 2)
      const excess = (((n + 1) * (kurtosis(sample) - 3) + 6) * (n - 1)) / ((n - 2) * (n - 3))
      close(corrected, independent.sampleSkewness(sample))
      close(excess, independent.sampleKurtosis(sample))
    }),
  )
})

test('the least-squares line is that of an independent package', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const n = Math.min(a.length, b.length)
      const [x, y] = [a.slice(0, n), b.slice(0, n)]
      fc.pre(new Set(x).size > 1)
      const { m, b: intercept } = independent.linearRegression(x.map((at, i) => [at, y[i]!]))
      close(regression(x, y).slope, m)
      close(regression(x, y).intercept, intercept)
    }),
  )
})

test('downside deviation counts losses alone, over all of the sample', () => {
  expect(downsideDeviation([0.03, -0.03, 0.04, -0.04])).toBeCloseTo(0.025, 15)
})

// M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, table 26.1.
const probabilities = [
  { z: 0, probability: 0.5 },
  { z: 0.5, probability: 0.691_462_461_274_013 },
  { z: 1, probability: 0.841_344_746_068_543 },
  { z: 1.96, probability: 0.975_002_104_851_78 },
  { z: -2, probability: 0.022_750_131_948_179 },
  { z: 3, probability: 0.998_650_101_968_37 },
  { z: Number.POSITIVE_INFINITY, probability: 1 },
  { z: Number.NEGATIVE_INFINITY, probability: 0 },
]
for (const { z, probability } of probabilities) {
  test(`the normal probability below ${z} is ${probability}`, () =>
    expect(normalProbability(z)).toBeCloseTo(probability, 14))
}

test('the normal probability rises with z and mirrors at zero', () => {
  const z = fc.double({ min: -9, max: 9, noNaN: true })
  fc.assert(
    fc.property(z, z, (a, b) => {
      expect(normalProbability(a) + normalProbability(-a)).toBeCloseTo(1, 14)
      if (a < b) expect(normalProbability(b) - normalProbability(a)).toBeGreaterThanOrEqual(-1e-15)
    }),
  )
})
