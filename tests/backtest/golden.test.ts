import { describe, expect, test } from 'vitest'
import { runBacktest } from '../../src/backtest/backtest.ts'
import type { BacktestOutcome } from '../../src/backtest/outcome.ts'
import type { Trade } from '../../src/execution/trade.ts'
import { resample } from '../../src/market/resample.ts'
import { BarSeries } from '../../src/market/series.ts'
import { isoInstant, SECOND_MS } from '../../src/market/time.ts'
import type { PivotBreakoutParameters } from '../../src/strategy/parameters.ts'
import { golden, haveSamples, sampleBars, WITHOUT_SAMPLES } from '../support/samples.ts'
import { requestOf } from './requests.ts'

/** A trade as the golden results tell it. */
type GoldenTrade = Pick<Trade, 'entryPrice' | 'exitPrice'> & { entryTime: string; exitTime: string }

/** A run of either file; fields that it lacks have their defaults. */
type GoldenRun = Partial<Omit<PivotBreakoutParameters, 'name'>> & {
  readonly fill: 'open' | 'close'
  readonly pivotHighs: number
  readonly pivotLows: number
  readonly trades: number
  readonly return: number
}
type HourlyRun = GoldenRun & { readonly first: GoldenTrade; readonly last: GoldenTrade }
type FiveMinuteRun = GoldenRun & { readonly open: null; readonly list: readonly GoldenTrade[] }

const runsOf = <Run>(name: string): Run[] => (golden(name) as { runs: Run[] }).runs

describe.skipIf(!haveSamples)(`golden results (skipped where ${WITHOUT_SAMPLES})`, () => {
  const hours = haveSamples ? sampleBars('SPY-1h-1998-2015.csv.gz') : new BarSeries()
  const hourly = haveSamples ? runsOf<HourlyRun>('strategy-1h-1998-2015.json') : []
  const fiveMinutes = haveSamples ? runsOf<FiveMinuteRun>('strategy-5m-201310.json') : []

  test.each(hourly.map((run) => [titleOf(run), run] as const))('1998-2015 by the hour: %s', (_, run) => {
    const outcome = play(run, hours, { size: '1h', base: '1h', align: 'clock', session: 'all' })
    expect(figuresOf(outcome)).toEqual(expectedFigures(run))
    expect(outcome.statistics.compoundedTradeReturn).toBeCloseTo(run.return, 9)
    expect([outcome.trades[0]!, outcome.trades.at(-1)!].map(told)).toEqual([run.first, run.last])
  })

  test.each(fiveMinutes.map((run) => [titleOf(run), run] as const))(
    'October 2013 by five minutes: %s',
    (_, run) => {
      const outcome = play(run, threeDays().candles, {})
      expect(figuresOf(outcome)).toEqual(expectedFigures(run))
      expect(outcome.statistics.compoundedTradeReturn).toBeCloseTo(run.return, 9)
      expect(outcome.openTrade).toBe(run.open)
      expect(outcome.trades.map(told)).toEqual(run.list)
    },
  )

  test('without latency, fills on seconds have the prices of the opens that these seconds make', () => {
    const { candles, seconds } = threeDays()
    const [opens, onSeconds] = (['open', 'second'] as const).map((fill) =>
      runBacktest(requestOf({ execution: { fill } }), { candles, seconds, minTick: 0.01 }),
    )
    const prices = ({ trades }: BacktestOutcome) =>
      trades.map(({ entryPrice, exitPrice }) => [entryPrice, exitPrice])
    expect(prices(onSeconds!)).toEqual(prices(opens!))
    expect(prices(opens!)).toHaveLength(2)
    for (const [k, { entryTime }] of onSeconds!.trades.entries()) {
      expect(entryTime - opens!.trades[k]!.entryTime).toBeLessThan(10 * SECOND_MS)
    }
  })
})

const titleOf = ({ pivotHighs, pivotLows, trades, ...run }: GoldenRun): string =>
  ['left', 'right', 'ties', 'ma', 'length', 'fill', 'stop', 'guard']
    .flatMap((name) => (name in run ? `${name} ${run[name as keyof typeof run]}` : []))
    .join(', ')

function threeDays(): { seconds: BarSeries; candles: BarSeries } {
  const days = ['07', '08', '09'].map((day) => sampleBars(`SPY-1s-201310${day}.csv.gz`))
  const seconds = BarSeries.of(days.flatMap((day) => [...day]))
  return { seconds, candles: resample(seconds, { size: '5m', session: 'rth', align: 'session' }) }
}

function play(
  run: GoldenRun,
  candles: BarSeries,
  overrides: Parameters<typeof requestOf>[0],
): BacktestOutcome {
  const { fill, left = 3, right = 3, ties = 'strict', ma = 'sma', length = 50 } = run
  const { stop = 'ratchet', guard = true } = run
  const strategy = { left, right, ties, ma, length, stop, guard }
  const request = requestOf({ ...overrides, strategy, execution: { fill } })
  return runBacktest(request, { candles, seconds: null, minTick: 0.01 })
}

const figuresOf = ({ pivotHighs, pivotLows, trades, rewrites }: BacktestOutcome) => ({
  pivotHighs: pivotHighs.length,
  pivotLows: pivotLows.length,
  trades: trades.length,
  rewrites,
})

const expectedFigures = ({ pivotHighs, pivotLows, trades }: GoldenRun) => ({
  pivotHighs,
  pivotLows,
  trades,
  rewrites: 0,
})

const told = ({ entryTime, entryPrice, exitTime, exitPrice }: Trade): GoldenTrade => ({
  entryTime: isoInstant(entryTime),
  entryPrice,
  exitTime: isoInstant(exitTime),
  exitPrice,
})
