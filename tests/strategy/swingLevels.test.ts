import { expect, test } from 'vitest'
import { BarSeries } from '../../src/market/series.ts'
import { PRESETS } from '../../src/strategy/presets.ts'
import { swingLevels } from '../../src/strategy/swingLevels.ts'
import { bar } from '../support/bars.ts'

const candles = (highs: number[]) =>
  BarSeries.of(highs.map((high, i) => bar(i, { high, low: high - 1, open: high, close: high })))

test('a swing high is the level from the third candle after it on', () => {
  const levels = swingLevels(candles([1, 2, 3, 9, 3, 2, 1, 1]), PRESETS.default.strategy)
  expect(levels.map(({ breakout }) => breakout)).toEqual([null, null, null, null, null, null, 9, 9])
  expect(levels.every(({ swingLow }) => swingLow === null)).toBe(true)
})

test('a swing low mirrors it, and the newest swing counts', () => {
  const levels = swingLevels(candles([9, 8, 7, 5, 7, 8, 9, 8, 7, 6, 7, 8, 9]), PRESETS.default.strategy)
  expect(levels.at(6)!.swingLow).toBe(4)
  expect(levels.at(-1)!).toEqual({ breakout: 9, swingLow: 5 })
})

test('an equal neighbour is no swing', () => {
  expect(swingLevels(candles([1, 2, 9, 9, 3, 2, 1]), PRESETS.default.strategy).at(-1)!.breakout).toBeNull()
})
