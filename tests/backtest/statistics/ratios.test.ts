import { bisect, sampleKurtosis, sampleSkewness } from 'simple-statistics'
import { expect, test } from 'vitest'
import { deepestDrawdown } from '../../../src/backtest/statistics/drawdown.ts'
import { betaOf, jensensAlpha } from '../../../src/backtest/statistics/holdingFigures.ts'
import { mean, normalProbability, sampleDeviation } from '../../../src/backtest/statistics/moments.ts'
import {
  annualVolatility,
  calmarRatio,
  compoundAnnualGrowth,
  probabilisticSharpe,
  probabilisticSharpeOf,
  sharpeRatio,
  sortinoRatio,
} from '../../../src/backtest/statistics/ratios.ts'

const percent = (...returns: number[]) => Float64Array.from(returns, (value) => value / 100)

// Vectors of empyrical-reloaded, tests/test_stats.py (Apache-2.0), which takes 252 days of a year and no riskless rate.
const mixed = percent(1, 10, -4, 2, 3, 2, 1, -10)
const rising = percent(1, 2, 1, 1, 1, 1, 1, 1, 1)
const falling = percent(0, -6, -7, -1, -9, -2, -6, -8, -5)
const someDays = [
  -0.00171614, 0.01322056, 0.03063862, -0.01422057, -0.00489779, 0.01268925, -0.03357711, 0.01797036,
]

const curveOf = (returns: Float64Array) => {
  let value = 1
  return returns.map((change) => (value *= 1 + change))
}
const drawdownOf = (returns: Float64Array) =>
  deepestDrawdown(new Float64Array(returns.length), curveOf(returns), 1).depth
const growthOf = (returns: Float64Array, days: number) =>
  compoundAnnualGrowth(curveOf(returns).at(-1)! - 1, days)

// It counts the missing first day of `mixed` among the days that returns are compounded over.
const empyrical = [
  { what: 'Sharpe of mixed returns', is: sharpeRatio(mixed), value: 1.723_861_396_170_686_6 },
  { what: 'Sharpe of rising returns', is: sharpeRatio(rising), value: 52.915_026_221_291_804 },
  { what: 'Sharpe of falling returns', is: sharpeRatio(falling), value: -24.406_808_633_910_085 },
  { what: 'Sortino of mixed returns', is: sortinoRatio(mixed), value: 2.605_531_251_673_693 },
  { what: 'Sortino of falling returns', is: sortinoRatio(falling), value: -13.532_743_075_043_401 },
  { what: 'Sortino of some days', is: sortinoRatio(someDays), value: 3.063_964_096_656_630_6 },
  { what: 'volatility of mixed returns', is: annualVolatility(mixed), value: 0.913_646_539_970_463_7 },
  { what: 'growth of mixed returns', is: growthOf(mixed, 9), value: 1.913_592_537_319_423_1 },
  { what: 'drawdown of mixed returns', is: drawdownOf(mixed), value: 0.1 },
  { what: 'drawdown of falling returns', is: drawdownOf(falling), value: 0.365_907_3 },
  {
    what: 'Calmar of mixed returns',
    is: calmarRatio(growthOf(mixed, 9), drawdownOf(mixed)),
    value: 19.135_925_373_194_233,
  },
  {
    what: 'beta of mixed on falling returns',
    is: betaOf(mixed, falling.subarray(1)),
    value: -0.712_962_962_962_963,
  },
  {
    what: 'alpha of mixed on falling returns, compounded over a year',
    is: (1 + jensensAlpha(mixed, falling.subarray(1)) / 252) ** 252 - 1,
    value: -0.999_785_383_488_500_4,
  },
  { what: 'beta of returns on themselves', is: betaOf(mixed, mixed), value: 1 },
  { what: 'alpha of returns on themselves', is: jensensAlpha(mixed, mixed), value: 0 },
]
for (const { what, is, value } of empyrical) {
  test(`${what} is that of empyrical`, () => expect(is).toBeCloseTo(value, 8))
}

// QuantConnect LEAN, PortfolioStatisticsTests.cs (Apache-2.0): four days, for three lengths of a year.
const fourDays = [-0.009_025_132, 0.003_653_969, 0, 0]
const lean = [
  { days: 202, deviation: 0.076_797_600_035_424_4, probability: 0.252_197_874_915_608 },
  { days: 252, deviation: 0.085_777_272_762_010_8, probability: 0.257_146_306_116_665 },
  { days: 365, deviation: 0.103_232_963_748_978, probability: 0.264_390_639_112_978 },
]
for (const { days, deviation, probability } of lean) {
  test(`four days have the deviation of LEAN in a year of ${days}`, () => {
    expect((annualVolatility(fourDays) / Math.sqrt(252)) * Math.sqrt(days)).toBeCloseTo(deviation, 14)
  })

  // LEAN corrects the moments for the size of the sample, takes the excess for the kurtosis and compares with a ratio
  // of 1 a year; ours are those of the paper.
  test(`four days have the probabilistic Sharpe ratio of LEAN in a year of ${days}, with its moments`, () => {
    const probabilityOfLean = probabilisticSharpe({
      sharpe: mean(fourDays) / sampleDeviation(fourDays),
      benchmark: 1 / Math.sqrt(days),
      length: fourDays.length,
      skewness: sampleSkewness(fourDays),
      kurtosis: sampleKurtosis(fourDays),
    })
    expect(probabilityOfLean).toBeCloseTo(probability, 12)
  })
}

// D. Bailey and M. López de Prado, The Deflated Sharpe Ratio (2014), its numerical example: 2.5 a year in 1,250 days,
// skewness −3, kurtosis 10, the best of N trials whose ratios vary by 1/2 a year.
const quantile = (p: number) => bisect((z) => normalProbability(z) - p, -8, 8, 200, 1e-12)
const EULER = 0.577_215_664_901_532_9
const expectedBest = (trials: number) =>
  Math.sqrt(0.5 / 250) *
  ((1 - EULER) * quantile(1 - 1 / trials) + EULER * quantile(1 - 1 / (trials * Math.E)))

test('the best of a hundred idle trials is expected to reach 0.1132 a day', () => {
  expect(expectedBest(100)).toBeCloseTo(0.1132, 4)
})

for (const { trials, probability } of [
  { trials: 100, probability: 0.9004 },
  { trials: 46, probability: 0.9505 },
]) {
  test(`a ratio of 2.5 out of ${trials} trials is deflated to ${probability}`, () => {
    const [sharpe, benchmark] = [2.5 / Math.sqrt(250), expectedBest(trials)]
    const observed = { sharpe, benchmark, length: 1_250, skewness: -3, kurtosis: 10 }
    expect(probabilisticSharpe(observed)).toBeCloseTo(probability, 4)
  })
}

test('symmetric returns of two values lie as far above zero as their ratio says', () => {
  const observed = { sharpe: 0.1, benchmark: 0, length: 401, skewness: 0, kurtosis: 1 }
  expect(probabilisticSharpe(observed)).toBeCloseTo(0.977_249_868_051_82, 12)
})

test('the probability is a half where the mean is zero, and rises with the sample', () => {
  expect(probabilisticSharpeOf([0.01, -0.01, 0.02, -0.02])).toBeCloseTo(0.5, 15)
  const once = [0.02, -0.01, 0.015, -0.012]
  expect(probabilisticSharpeOf([...once, ...once])).toBeGreaterThan(probabilisticSharpeOf(once))
})

test('returns of two values alone leave no doubt that rounding could make negative', () => {
  expect(probabilisticSharpeOf([0.01, 0.01, 0.01, 0.03])).toBeGreaterThan(0.5)
})
