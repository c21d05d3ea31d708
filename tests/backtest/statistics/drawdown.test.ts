import { expect, test } from 'vitest'
import { deepestDrawdown } from '../../../src/backtest/statistics/drawdown.ts'
import { DAY_MS } from '../../../src/market/time.ts'

const drawdownOf = (curve: readonly number[], start = curve[0]!) =>
  deepestDrawdown(
    Float64Array.from(curve, (_, day) => day * DAY_MS),
    Float64Array.from(curve),
    start,
  )

// The first eleven: QuantConnect LEAN, DrawdownRecoveryTests.cs (Apache-2.0), where each deepest fall is the longest.
const cases = [
  { title: 'a dip lasts until the peak is reached', curve: [100, 90, 100], depth: 0.1, days: 2 },
  { title: 'a partial recovery ends nothing', curve: [100, 90, 95, 100], depth: 0.1, days: 3 },
  { title: 'the first of two equal falls counts', curve: [100, 90, 100, 90, 100], depth: 0.1, days: 2 },
  { title: 'the deeper of two falls counts', curve: [100, 90, 100, 90, 80, 100], depth: 0.2, days: 3 },
  { title: 'a nested fall belongs to the outer one', curve: [100, 90, 95, 90, 100], depth: 0.1, days: 4 },
  { title: 'a fall begins at a later peak', curve: [50, 100, 98, 99, 100], depth: 0.02, days: 3 },
  { title: 'a flat curve never falls', curve: [100, 100, 100], depth: 0, days: 0 },
  { title: 'a single value never falls', curve: [100], depth: 0, days: 0 },
  {
    title: 'a later fall that is less deep is not told',
    curve: [100, 98, 100, 101, 100, 99],
    depth: 0.02,
    days: 2,
  },
  { title: 'several dips make one fall', curve: [100, 97, 99, 97, 100], depth: 0.03, days: 4 },
  { title: 'a fall without recovery lasts to the end', curve: [100, 90, 80, 70], depth: 0.3, days: 3 },
  { title: 'a fall that is still open lasts to the end', curve: [100, 90, 95, 90], depth: 0.1, days: 3 },
  { title: 'a recovery may jump over the peak', curve: [100, 90, 120, 119], depth: 0.1, days: 2 },
  { title: 'the last of equal peaks begins the fall', curve: [100, 100, 90, 100], depth: 0.1, days: 2 },
]
for (const { title, curve, depth, days } of cases) {
  test(title, () => {
    expect(drawdownOf(curve).depth).toBeCloseTo(depth, 12)
    expect(drawdownOf(curve).days).toBe(days)
  })
}

test('a loss in the first candle counts from the initial cash', () => {
  expect(drawdownOf([90, 95, 100], 100)).toEqual({ depth: 0.1, days: 2 })
})
