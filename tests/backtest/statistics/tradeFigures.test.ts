import { expect, test } from 'vitest'
import { told } from '../../../src/backtest/statistics/answer.ts'
import { compoundedTradeReturn, tradeFigures } from '../../../src/backtest/statistics/tradeFigures.ts'
import { tradeOf } from './performances.ts'

const figuresOf = (profits: readonly number[]) =>
  told(tradeFigures(profits.map((netPnl) => tradeOf({ netPnl }))))

// Profits and figures of QuantConnect LEAN, TradeStatisticsTests.cs (Apache-2.0); where nothing won or lost it has 0 and
// a profit factor of 10, we have none.
const lean = [
  {
    title: 'three winners',
    profits: [20, 20, 10],
    figures: { winRate: 1, expectancy: 50 / 3, averageWin: 50 / 3, averageLoss: null, profitFactor: null },
  },
  {
    title: 'three losers',
    profits: [-20, -20, -10],
    figures: { winRate: 0, expectancy: -50 / 3, averageWin: null, averageLoss: -50 / 3, profitFactor: 0 },
  },
  {
    title: 'two losers and a winner',
    profits: [-20, -20, 10],
    figures: { winRate: 1 / 3, expectancy: -10, averageWin: 10, averageLoss: -20, profitFactor: 0.25 },
  },
]
for (const { title, profits, figures } of lean) {
  test(`${title} have the figures of LEAN`, () => {
    const { figures: ours } = figuresOf(profits)
    for (const [name, figure] of Object.entries(figures)) {
      const value = ours[name as keyof typeof ours]
      if (figure === null) expect(value, name).toBeNull()
      else expect(value, name).toBeCloseTo(figure, 12)
    }
  })
}

test('a trade that earns nothing neither wins nor loses', () => {
  const { figures } = figuresOf([0, 10, -5, 0])
  expect(figures).toEqual({
    winRate: 0.25,
    profitFactor: 2,
    expectancy: 1.25,
    averageWin: 10,
    averageLoss: -5,
  })
})

test('without trades every figure says why there is none', () => {
  const { figures, reasons } = figuresOf([])
  expect(new Set(Object.values(figures))).toEqual(new Set([null]))
  expect(new Set(Object.values(reasons))).toEqual(new Set(['no trade was closed']))
  expect(Object.keys(reasons)).toEqual(Object.keys(figures))
})

test('without a loss the profit factor says so', () => {
  expect(figuresOf([5, 7]).reasons).toEqual({ profitFactor: 'no trade lost', averageLoss: 'no trade lost' })
})

test('trade returns are compounded from prices alone', () => {
  const trades = [
    tradeOf({ entryPrice: 100, exitPrice: 110, netPnl: -3 }),
    tradeOf({ entryPrice: 200, exitPrice: 190 }),
  ]
  expect(compoundedTradeReturn(trades)).toBeCloseTo(1.1 * 0.95 - 1, 15)
  expect(compoundedTradeReturn([])).toBe(0)
})
