import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Performance,
  type Statistics,
  statisticsOf,
} from '../../../src/backtest/statistics/statistics.ts'
import { candlesOf, performanceOf, tradeOf } from './performances.ts'

/** Closes of sessions, each up or down by a percentage. */
const walk = (start: number, ...percents: number[]) => {
  let value = start
  return percents.map((percent) => (value *= 1 + percent / 100))
}
const repeated = (times: number, ...cycle: number[]) => Array.from({ length: times }, () => cycle).flat()

const sessions = (count: number, ...cycle: number[]): Performance => {
  const closes = walk(1_000, ...repeated(Math.ceil(count / cycle.length), ...cycle).slice(0, count))
  return performanceOf({ candles: candlesOf(closes, 1), equity: Float64Array.from(closes) })
}

// Worked by hand: 64 sessions of +2 % and −1 % in turns, mean 0.5 %, deviation 1.5 % · √(64/63), half of them −1 %.
const YEAR = Math.sqrt(252)
const GROWTH = (1.02 * 0.99) ** 32
const turns = [
  { name: 'totalReturn', value: GROWTH - 1 },
  { name: 'cagr', value: GROWTH ** (252 / 64) - 1 },
  { name: 'volatility', value: 0.015 * Math.sqrt(64 / 63) * YEAR },
  { name: 'sharpe', value: (0.005 / (0.015 * Math.sqrt(64 / 63))) * YEAR },
  { name: 'sortino', value: (0.005 / (0.01 * Math.sqrt(0.5))) * YEAR },
  { name: 'maxDrawdown', value: 0.01 },
  { name: 'calmar', value: (GROWTH ** (252 / 64) - 1) / 0.01 },
] as const
for (const { name, value } of turns) {
  test(`the ${name} of sessions in turns is that worked by hand`, () => {
    expect(statisticsOf(sessions(64, 2, -1))[name]).toBeCloseTo(value, 9)
  })
}

test('a longer way through a session changes no figure of session returns', () => {
  const daily = sessions(64, 2, -1)
  const closes = [...daily.equity].flatMap((close) => [close * 0.5, close])
  const hourly = performanceOf({ candles: candlesOf(closes, 2), equity: Float64Array.from(closes) })
  const { cagr, volatility, sharpe, sortino, probabilisticSharpe } = statisticsOf(daily)
  expect(statisticsOf(hourly)).toMatchObject({ cagr, volatility, sharpe, sortino, probabilisticSharpe })
  expect(statisticsOf(hourly).maxDrawdown).toBeGreaterThan(0.49)
})

test('holding the symbol itself has beta 1, no alpha, and the return of holding it', () => {
  const held = sessions(30, 2, -1)
  const { buyAndHoldReturn, alpha, beta, totalReturn } = statisticsOf({
    ...held,
    initialCash: held.equity[0]!,
  })
  expect(beta).toBeCloseTo(1, 9)
  expect(alpha).toBeCloseTo(0, 9)
  expect(buyAndHoldReturn).toBeCloseTo(totalReturn!, 12)
})

test('holding begins at the open of the first candle', () => {
  const candles = candlesOf([100, 110], 2)
  candles.open[0] = 80
  expect(statisticsOf(performanceOf({ candles })).buyAndHoldReturn).toBeCloseTo(110 / 80 - 1, 12)
})

test('half of the symbol and a gain of 0.1 % a session have beta 0.5 and an alpha of 25.2 %', () => {
  const closes = walk(100, ...repeated(20, 2, -1))
  const candles = candlesOf(closes, 1)
  const returns = closes.map((close, i) => (i === 0 ? 0 : close / closes[i - 1]! - 1))
  const equity = Float64Array.from(walk(1_000, ...returns.map((value) => (0.5 * value + 0.001) * 100)))
  const { alpha, beta } = statisticsOf(performanceOf({ candles, equity }))
  expect(beta).toBeCloseTo(0.5, 9)
  expect(alpha).toBeCloseTo(0.252, 9)
})

test('exposure counts closes with shares, turnover both sides against the mean equity', () => {
  const candles = candlesOf([100, 101, 102, 103], 4)
  const account = {
    candlesHeld: 2,
    equity: Float64Array.from([900, 1_000, 1_100, 1_000]),
  }
  const { exposure, turnover } = statisticsOf(performanceOf({ candles, ...account, traded: 1_500 }))
  expect({ exposure, turnover }).toEqual({ exposure: 0.5, turnover: 1.5 })
})

test('the sums that were paid and the number of trades are told as they are', () => {
  const paid = { trades: [tradeOf({}), tradeOf({})], commissions: 4.5, slippageCost: 2 }
  const statistics = statisticsOf(performanceOf({ candles: candlesOf([100], 1), ...paid }))
  expect(statistics).toMatchObject({ trades: 2, commissions: 4.5, slippageCost: 2 })
})

const hindrances = [
  {
    title: 'nineteen sessions are too few for deviations',
    performance: sessions(19, 2, -1),
    names: ['volatility', 'sharpe', 'sortino', 'alpha', 'beta', 'probabilisticSharpe'],
    reason: 'needs 20 sessions, and there are 19',
  },
  {
    title: 'a month is too short to be compounded to a year',
    performance: sessions(21, 2, -1),
    names: ['cagr', 'calmar'],
    reason: 'needs 63 sessions, and there are 21',
  },
  {
    title: 'an account that never traded has no ratio',
    performance: performanceOf({ candles: candlesOf(walk(100, ...repeated(32, 2, -1)), 1) }),
    names: ['sharpe', 'probabilisticSharpe'],
    reason: 'the returns of all sessions are the same',
  },
  {
    title: 'an account that never lost has no downside',
    performance: sessions(64, 2, 1),
    names: ['sortino'],
    reason: 'no session lost',
  },
  {
    title: 'an equity that never fell has nothing to be divided by',
    performance: sessions(64, 2, 1),
    names: ['calmar'],
    reason: 'the equity never fell',
  },
  {
    title: 'an account that owes money has no returns to speak of',
    performance: sessions(64, 2, -101),
    names: ['cagr', 'volatility', 'sharpe', 'sortino', 'calmar', 'alpha', 'beta', 'probabilisticSharpe'],
    reason: 'the account lost everything',
  },
  {
    title: 'without candles there is nothing',
    performance: performanceOf({ candles: candlesOf([], 1) }),
    names: ['totalReturn', 'maxDrawdown', 'maxDrawdownDays', 'exposure', 'turnover', 'buyAndHoldReturn'],
    reason: 'there are no candles',
  },
] as const
for (const { title, performance, names, reason } of hindrances) {
  test(title, () => {
    const statistics = statisticsOf(performance)
    for (const name of names) {
      expect(statistics[name], name).toBeNull()
      expect(statistics.reasons[name], name).toBe(reason)
    }
  })
}

const figureNames = (statistics: Statistics) => Object.keys(statistics).filter((name) => name !== 'reasons')

test('every null has a reason, every reason a null, and no figure is NaN or infinite', () => {
  const closes = fc.array(fc.integer({ min: 50, max: 200 }), { minLength: 0, maxLength: 200 })
  const profits = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 8 })
  fc.assert(
    fc.property(closes, profits, fc.integer({ min: 1, max: 6 }), (values, earned, perSession) => {
      const statistics = statisticsOf(
        performanceOf({
          candles: candlesOf(values, perSession),
          equity: Float64Array.from(values, (value) => value * 10),
          trades: earned.map((netPnl) => tradeOf({ netPnl })),
        }),
      )
      const nulls = figureNames(statistics).filter((name) => statistics[name as 'sharpe'] === null)
      expect(nulls.sort()).toEqual(Object.keys(statistics.reasons).sort())
      for (const name of figureNames(statistics)) {
        const figure = statistics[name as 'sharpe']
        expect(figure === null || Number.isFinite(figure), `${name} is ${figure}`).toBe(true)
      }
    }),
  )
})

/** Costs are paid once for all at candle `i`. */
const charged = (performance: Performance, cost: number, i: number): Performance => ({
  ...performance,
  equity: performance.equity.map((value, k) => (k < i ? value : value - cost)),
  trades: performance.trades.map((trade) => ({ ...trade, netPnl: trade.netPnl - cost })),
  commissions: performance.commissions + cost,
})

const RESULTS = ['totalReturn', 'cagr', 'expectancy', 'winRate', 'compoundedTradeReturn'] as const

test('higher costs never raise a result, nor lower the deepest fall', () => {
  const moves = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 63, maxLength: 90 })
  const cost = fc.integer({ min: 0, max: 5_000 }).map((cents) => cents / 100)
  fc.assert(
    fc.property(moves, cost, fc.nat(89), (percents, extra, at) => {
      const closes = walk(1_000, ...percents)
      const trades = [tradeOf({ netPnl: 5 }), tradeOf({ netPnl: -5 })]
      const cheap = performanceOf({
        candles: candlesOf(closes, 1),
        equity: Float64Array.from(closes),
        trades,
      })
      const [before, after] = [statisticsOf(cheap), statisticsOf(charged(cheap, extra, at))]
      for (const name of RESULTS) expect(after[name]!, name).toBeLessThanOrEqual(before[name]!)
      expect(after.maxDrawdown!).toBeGreaterThanOrEqual(before.maxDrawdown! - 1e-12)
    }),
  )
})
