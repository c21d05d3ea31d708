import fc from 'fast-check'
import { EMA, SMA } from 'trading-signals'
import { describe, expect, test } from 'vitest'
import { type MovingAverageRule, movingAverage } from '../../src/strategy/movingAverage.ts'

function column(rule: MovingAverageRule, closes: readonly number[]): number[] {
  const averages = new Float64Array(closes.length)
  movingAverage(rule).fill(Float64Array.from(closes), averages, 0, closes.length)
  return [...averages]
}

describe('the simple average', () => {
  test('is unknown before its length, then the mean of the last closes', () => {
    const none = Number.NaN
    expect(column({ ma: 'sma', length: 3 }, [1, 2, 6, 4, 2])).toEqual([none, none, 3, 4, 4])
  })

  test.each([
    ['one price', Array(60).fill(167.41), 167.41],
    ['prices whose binary fractions do not add up', [0.1, 0.2, 0.3], 0.2],
    ['four decimals', [167.4101, 167.4103, 167.4105], 167.4103],
  ])('equals a close that is the mean to the last bit: %s', (_, closes, mean) => {
    expect(column({ ma: 'sma', length: closes.length }, closes).at(-1)).toBe(mean)
  })

  test('does not drift: after a million closes it is what it would be fresh', () => {
    const closes = Float64Array.from(
      { length: 1_000_000 },
      (_, i) => Math.round(9_000 + 7_000 * Math.sin(i * i)) / 100,
    )
    const averages = new Float64Array(closes.length)
    movingAverage({ ma: 'sma', length: 50 }).fill(closes, averages, 0, closes.length)
    expect(averages.at(-1)).toBe(column({ ma: 'sma', length: 50 }, [...closes.slice(-50)]).at(-1))
  })
})

describe('the exponential average', () => {
  test('starts as the mean of the first closes, then each close weighs 2 / (length + 1)', () => {
    const none = Number.NaN
    expect(column({ ma: 'ema', length: 3 }, [1, 2, 6, 5, 2])).toEqual([none, none, 3, 4, 3])
  })

  test('equals a price that never changes to the last bit', () => {
    expect(column({ ma: 'ema', length: 7 }, Array(300).fill(167.41)).at(-1)).toBe(167.41)
  })

  /** QuantConnect LEAN (Apache-2.0), Tests/TestData/spy_ema.csv: monthly closes of SPY from 1993 and their EMA 14. */
  test('is the one published for SPY by the month', () => {
    const closes = [
      43.938, 44.40625, 45.1875, 44.03125, 45.21875, 45.0625, 44.84375, 46.5625, 45.9375, 46.84375, 46.34375,
      46.59375, 48.21875, 46.8125, 44.59375, 45.09375, 45.8125, 44.46875, 45.90625, 47.65625, 46.17187,
      47.48437, 45.59375, 45.5625, 47.09375,
    ]
    const averages = column({ ma: 'ema', length: 14 }, closes)
    const published = {
      15: 45.50209031746032,
      16: 45.54347827513228,
      19: 45.7594694134713,
      24: 46.078750698635055,
    }
    expect(averages[13]).toBeCloseTo(45.71432142857143, 12)
    for (const [i, value] of Object.entries(published)) expect(averages[Number(i)]).toBeCloseTo(value, 10)
  })

  test('forgets its seed within 346 candles for each 50 of its length, to a millionth', () => {
    for (const length of [10, 50, 200]) {
      const calm = Array(length + Math.ceil((346 / 50) * length)).fill(100)
      const [from, to] = [
        column({ ma: 'ema', length }, calm),
        column({ ma: 'ema', length }, [...Array(length).fill(101), ...calm.slice(length)]),
      ]
      expect(Math.abs(from.at(-1)! - to.at(-1)!)).toBeLessThanOrEqual(1.01e-6)
    }
  })
})

test('both are those of an independent library, whose exponential one is given our seed', () => {
  const closes = fc.array(
    fc.integer({ min: 1, max: 1_000_000 }).map((ticks) => ticks / 100),
    { minLength: 12, maxLength: 80 },
  )
  fc.assert(
    fc.property(closes, fc.integer({ min: 1, max: 12 }), (prices, length) => {
      const [simple, exponential] = [new SMA(length), new EMA(length)]
      const means = prices.map((price) => simple.add(price))
      const seeded = [means[length - 1]!, ...prices.slice(length)].map((price) => exponential.add(price))
      expect(column({ ma: 'sma', length }, prices).at(-1)).toBeCloseTo(means.at(-1)!, 6)
      expect(column({ ma: 'ema', length }, prices).at(-1)).toBeCloseTo(seeded.at(-1)!, 6)
    }),
  )
})

test.each([0, -3, 2.5, Number.NaN])('an average of %s candles is refused', (length) => {
  expect(() => movingAverage({ ma: 'sma', length })).toThrow(RangeError)
  expect(() => movingAverage({ ma: 'ema', length })).toThrow(RangeError)
})
