import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DecisionLog } from '../../src/engine/decisionLog.ts'
import type { BarSeries } from '../../src/market/series.ts'
import type { PivotBreakoutParameters } from '../../src/strategy/parameters.ts'
import { isSwing } from '../../src/strategy/pivot.ts'
import { PivotBreakout } from '../../src/strategy/pivotBreakout.ts'
import { PRESETS } from '../../src/strategy/presets.ts'
import { candles, someRows } from './candles.ts'

const someParameters: fc.Arbitrary<PivotBreakoutParameters> = fc
  .record({
    left: fc.integer({ min: 1, max: 4 }),
    right: fc.integer({ min: 1, max: 4 }),
    ties: fc.constantFrom('strict', 'last', 'any'),
    ma: fc.constantFrom('sma', 'ema'),
    length: fc.integer({ min: 1, max: 8 }),
  })
  .map((parameters) => ({ ...PRESETS.default.strategy, ...parameters }))

/** What the strategy stands on at each close, when it is shown the candles in parts that end there. */
function outlookOf(parameters: PivotBreakoutParameters, bars: BarSeries, ends: readonly number[]) {
  const [strategy, outlook] = [new PivotBreakout(parameters), new DecisionLog(bars.length)]
  let from = 0
  for (const to of [...ends, bars.length]) {
    strategy.observe(bars, outlook, from, to)
    from = to
  }
  const columns = [outlook.swingHigh, outlook.swingLow, outlook.movingAverage]
  return columns.map((column) => [...column.subarray(0, bars.length)])
}

test('candles that are shown at once, in parts or one by one are seen alike', () => {
  fc.assert(
    fc.property(someRows(60), someParameters, fc.nat(), (rows, parameters, cut) => {
      const bars = candles(rows)
      const whole = outlookOf(parameters, bars, [])
      expect(outlookOf(parameters, bars, [cut % (bars.length + 1)])).toEqual(whole)
      expect(outlookOf(parameters, bars, [...Array(bars.length).keys()])).toEqual(whole)
    }),
    { seed: 6, numRuns: 200 },
  )
})

test('the newest swings are those that P1 says of each candle', () => {
  fc.assert(
    fc.property(someRows(60), someParameters, (rows, parameters) => {
      const bars = candles(rows)
      const newest = (values: Float64Array, direction: 1 | -1) => {
        let swing = -1
        return Array.from({ length: bars.length }, (_, i) => {
          const m = i - parameters.right
          if (isSwing(values, m, direction, parameters)) swing = m
          return swing
        })
      }
      const [highs, lows] = outlookOf(parameters, bars, [])
      expect([highs, lows]).toEqual([newest(bars.high, 1), newest(bars.low, -1)])
    }),
    { seed: 7, numRuns: 300 },
  )
})
