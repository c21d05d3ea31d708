import { describe, expect, test } from 'vitest'
import { runBacktest } from '../../src/backtest/backtest.ts'
import type { BacktestOutcome } from '../../src/backtest/outcome.ts'
import { resample } from '../../src/market/resample.ts'
import { BarSeries } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { type EpochMs, isoInstant, MINUTE_MS, plus } from '../../src/market/time.ts'
import { PRESETS } from '../../src/strategy/presets.ts'
import { candles, type Row, startOf } from '../strategy/candles.ts'
import { requestOf } from './requests.ts'

type Overrides = Parameters<typeof requestOf>[0] & {}

/** Swing low 8, swing high 12, entry at the sixth close; out at 7 two candles later. */
const ROWS: readonly Row[] = [10, [10, 10, 8, 10], 10, [10, 12, 10, 10], 10, 13, [13.5, 15, 13, 14], 7, 6.5]

const SMALL = { left: 1, right: 1, length: 2 }
const HUNDRED = { kind: 'shares', shares: 100 } as const

function run(rows: readonly Row[], { strategy, ...rest }: Overrides = {}): BacktestOutcome {
  const request = requestOf({
    strategy: { ...SMALL, ...strategy },
    sizing: HUNDRED,
    initialCash: 10_000,
    ...rest,
  })
  return runBacktest(request, { candles: candles(rows), seconds: null, minTick: 0.01 })
}

describe('warnings', () => {
  test('say that results are of prices only', () => {
    expect(run(ROWS).warnings).toEqual([expect.stringMatching(/^Prices only: dividends/)])
  })

  test('call fills at the deciding close optimistic', () => {
    expect(run(ROWS, { execution: { fill: 'close' } }).warnings).toContainEqual(
      expect.stringMatching(/^Optimistic/),
    )
  })

  test('tell of a decision that the last candle leaves pending', () => {
    const { warnings, trades, openTrade } = run(ROWS.slice(0, 6))
    expect(warnings).toContainEqual(
      expect.stringContaining('decision of 2013-10-07T14:00:00Z to buy is pending'),
    )
    expect([trades, openTrade]).toEqual([[], null])
    expect(run(ROWS.slice(0, 8)).warnings).toContainEqual(expect.stringContaining('to sell is pending'))
  })

  test('tell of shares that were bought on credit', () => {
    expect(run(ROWS, { initialCash: 1_000 }).warnings).toContainEqual(
      'The shares cost more than there was: the account owed up to 350.00, at no interest here.',
    )
  })

  test('tell of entries for which there was no money', () => {
    const { warnings, trades } = run(ROWS, { initialCash: 10, sizing: { kind: 'fraction', fraction: 1 } })
    expect(trades).toEqual([])
    expect(warnings).toContainEqual('Entries that the equity could not buy a share for: 2.')
  })

  test('say when there are too few candles for any decision', () => {
    const { warnings, statistics } = run(ROWS, { strategy: { length: 50 } })
    expect(warnings).toContainEqual('No decision is possible: 9 candles, of 50 that are needed.')
    expect(statistics.trades).toBe(0)
  })
})

test('no candles at all are no defect', () => {
  const { pivotHighs, trades, openTrade, rewrites } = run([])
  expect([pivotHighs.length, trades, openTrade, rewrites]).toEqual([0, [], null, 0])
})

describe('fills', () => {
  const prices = ({ trades }: BacktestOutcome) =>
    trades.map(({ entryTime, entryPrice, exitTime, exitPrice }) => [
      isoInstant(entryTime),
      entryPrice,
      isoInstant(exitTime),
      exitPrice,
    ])

  test('are at the next open', () => {
    expect(prices(run(ROWS))).toEqual([['2013-10-07T14:00:00Z', 13.5, '2013-10-07T14:10:00Z', 6.5]])
  })

  test('are at the deciding close where that is asked for', () => {
    expect(prices(run(ROWS, { execution: { fill: 'close' } }))).toEqual([
      ['2013-10-07T13:55:00Z', 13, '2013-10-07T14:05:00Z', 7],
    ])
  })

  /** The candle of the entry opens at 13.50 and closes below the stop. */
  const rows: readonly Row[] = [...ROWS.slice(0, 6), [13.5, 13.5, 7, 7.5], 7.4]
  test('at the open the exit is tested on the candle of the entry itself (P6)', () => {
    expect(prices(run(rows))).toEqual([['2013-10-07T14:00:00Z', 13.5, '2013-10-07T14:05:00Z', 7.4]])
  })

  /** A swing low of 14 is known without guard at a close of 13.90, which is above the breakout of 12. */
  const above: readonly Row[] = [10, [10, 12, 10, 10], 10, 15, [15, 15, 14, 15], 15, 13.9, 13.8]
  test('at the close the exit is not tested on the candle that decided to enter (P6)', () => {
    const outcome = run(above, { strategy: { length: 7, guard: false }, execution: { fill: 'close' } })
    expect(prices(outcome)).toEqual([['2013-10-07T14:00:00Z', 13.9, '2013-10-07T14:05:00Z', 13.8]])
  })
})

describe('a protective stop', () => {
  const stopped = (rows: readonly Row[]) =>
    run([...ROWS.slice(0, 6), ...rows], { strategy: { protectiveStopPct: 10 } }).trades.map(
      ({ exitTime, exitPrice, exitReason }) => [exitTime, exitPrice, exitReason],
    )

  test('sells inside the candle that reaches it, the candle of the entry included', () => {
    expect(stopped([[13.5, 14, 12.15, 13]])).toEqual([[startOf(6), 12.15, 'protective stop 12.15']])
    expect(stopped([[13.5, 14, 12.16, 13]])).toEqual([])
  })

  test('pays a gap', () => {
    expect(stopped([13.5, [11, 13, 11, 13]])).toEqual([[startOf(7), 11, 'protective stop 12.15']])
  })

  test('gives way to the exit that is due at the open', () => {
    expect(stopped([13.5, [13, 13, 12.5, 7], 6])).toEqual([
      [startOf(8), 6, 'close 7.00 is below the stop 8.00'],
    ])
  })

  test('lets the close of its candle enter again (P7)', () => {
    const outcome = run([...ROWS.slice(0, 6), [13.5, 16, 12, 15], 16], {
      strategy: { protectiveStopPct: 10 },
    })
    expect(outcome.trades).toHaveLength(1)
    expect(outcome.openTrade).toMatchObject({ entryTime: startOf(7), entryPrice: 16 })
  })
})

describe('the ledger', () => {
  test('costs go through cash, equity and the trade', () => {
    const execution = { commission: 'ibkr-fixed', slippageTicks: 5 } as const
    const { trades, lines, statistics } = run(ROWS, { execution })
    const [trade] = trades
    expect(trade).toMatchObject({
      entryPrice: 13.55,
      exitPrice: 6.45,
      quantity: 100,
      grossPnl: expect.closeTo(-710, 9),
    })
    // A dollar each way is the minimum; SEC and FINRA take their part of the sale.
    expect(trade!.commission).toBeGreaterThan(2)
    expect(trade!.commission).toBeLessThan(2.05)
    expect(trade!.netPnl).toBeCloseTo(trade!.grossPnl - trade!.commission, 9)
    expect(trade!.returnPct).toBeCloseTo(trade!.netPnl / 1_355, 12)
    expect(lines.equity.at(-1)).toBeCloseTo(10_000 + trade!.netPnl, 9)
    expect(statistics).toMatchObject({ commissions: trade!.commission, slippageCost: expect.closeTo(10, 9) })
  })

  test('equity marks what is held to each close', () => {
    const { lines, openTrade } = run(ROWS.slice(0, 7))
    expect([...lines.equity]).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_050])
    expect(openTrade).toMatchObject({
      entryPrice: 13.5,
      markPrice: 14,
      unrealizedPnl: 50,
      quantity: 100,
      bars: 1,
    })
  })

  test('a fraction of the equity is bought at the deciding close, in whole shares', () => {
    const { openTrade } = run(ROWS.slice(0, 7), { sizing: { kind: 'fraction', fraction: 0.5 } })
    expect(openTrade!.quantity).toBe(Math.floor(5_000 / 13))
  })

  test('the excursions are of the time it was held', () => {
    const [trade] = run(ROWS).trades
    expect(trade).toMatchObject({ mae: 6.5 / 13.5 - 1, mfe: 15 / 13.5 - 1, bars: 3 })
  })
})

describe('lines', () => {
  test('are as long as the candles, with nothing where nothing is known', () => {
    const { lines } = run(ROWS)
    const none = Number.NaN
    expect([...lines.breakout]).toEqual([none, none, none, none, 12, 12, 12, 15, 15])
    expect([...lines.swingLow]).toEqual([none, none, 8, 8, 8, 8, 8, 8, 8])
    expect([...lines.movingAverage]).toEqual([none, 10, 10, 10, 10, 11.5, 13.5, 10.5, 6.75])
    expect([...lines.stop]).toEqual([none, none, none, none, none, 8, 8, 8, none])
  })

  test('swings are told by their candles', () => {
    const { pivotHighs, pivotLows } = run(ROWS)
    expect([[...pivotHighs], [...pivotLows]]).toEqual([[3, 6], [1]])
  })
})

describe('the instant of a decision', () => {
  /** One bar a minute of a session, in candles of an hour. */
  const decidedAt = (
    date: string,
    grid: Pick<ReturnType<typeof requestOf>, 'size' | 'session' | 'align'>,
  ) => {
    const { from, to } = sessionOn(date, grid.session)!
    const bars = new BarSeries()
    for (let time: EpochMs = from; time < to; time = plus(time, MINUTE_MS)) {
      bars.push({ time, open: 10, high: 10, low: 10, close: 10, volume: 1, vwap: null, tradeCount: null })
    }
    const outcome = runBacktest(requestOf(grid), {
      candles: resample(bars, grid),
      seconds: null,
      minTick: 0.01,
    })
    return Array.from({ length: outcome.candles.length }, (_, i) =>
      isoInstant(outcome.decisionAt(i).decidedAt).slice(11, 16),
    )
  }

  test.each([
    {
      title: 'hours counted from the open end with half an hour',
      date: '2013-10-07',
      grid: { size: '1h', session: 'rth', align: 'session' },
      times: ['14:30', '15:30', '16:30', '17:30', '18:30', '19:30', '20:00'],
    },
    {
      title: 'hours of the clock begin with half an hour',
      date: '2013-10-07',
      grid: { size: '1h', session: 'rth', align: 'clock' },
      times: ['14:00', '15:00', '16:00', '17:00', '18:00', '19:00', '20:00'],
    },
    {
      title: 'a half day ends at one',
      date: '2013-11-29',
      grid: { size: '1h', session: 'rth', align: 'session' },
      times: ['15:30', '16:30', '17:30', '18:00'],
    },
    {
      title: 'two hours of the clock are cut off by a half day',
      date: '2013-11-29',
      grid: { size: '2h', session: 'rth', align: 'clock' },
      times: ['15:00', '17:00', '18:00'],
    },
    {
      title: 'a day ends at its close',
      date: '2013-11-29',
      grid: { size: '1d', session: 'rth', align: 'session' },
      times: ['18:00'],
    },
  ] as const)('$title', ({ date, grid, times }) => {
    expect(decidedAt(date, grid)).toEqual(times)
  })
})

test('progress is told now and then', () => {
  const [bars, bar] = [new BarSeries(300_000), candles([10]).at(0)]
  for (let i = 0; i < 300_000; i++) bars.push({ ...bar, time: plus(startOf(0), i * 1_000) })
  const told: number[] = []
  const market = { candles: bars, seconds: null, minTick: 0.01 }
  runBacktest(requestOf({ size: '1s' }), market, { onProgress: (done, total) => told.push(done / total) })
  expect(told.length).toBeGreaterThanOrEqual(2)
  expect(told).toEqual([...told].sort((a, b) => a - b))
})

test.each([
  { title: 'a side of no candles', overrides: { strategy: { left: 0 } } },
  { title: 'an average of no candles', overrides: { strategy: { length: 0 } } },
  { title: 'negative slippage', overrides: { execution: { slippageTicks: -1 } } },
  { title: 'a latency that is no number', overrides: { execution: { latencyMs: Number.NaN } } },
  { title: 'half a share', overrides: { sizing: { kind: 'shares', shares: 0.5 } } },
  { title: 'a stop above the price', overrides: { strategy: { protectiveStopPct: -3 } } },
  { title: 'no cash', overrides: { initialCash: 0 } },
] as const)('$title is refused', ({ overrides }) => {
  expect(() => run(ROWS, overrides)).toThrow(RangeError)
})

test('the preset `seed` trades plateaus, without guard, at the close', () => {
  const { strategy, fill } = PRESETS.seed
  const outcome = run(ROWS, { strategy: { ...strategy, ...SMALL }, execution: { fill } })
  expect(outcome.pivotHighs.length).toBeGreaterThan(run(ROWS).pivotHighs.length)
  expect(outcome.warnings[0]).toMatch(/^Optimistic/)
})
