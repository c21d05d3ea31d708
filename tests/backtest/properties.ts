import fc from 'fast-check'
import { expect } from 'vitest'
import { runBacktest } from '../../src/backtest/backtest.ts'
import type { BacktestOutcome } from '../../src/backtest/outcome.ts'
import type { BacktestRequest } from '../../src/backtest/request.ts'
import { type BarSeries, prefix } from '../../src/market/series.ts'
import type { Decision } from '../../src/strategy/decision.ts'
import { candles, type Row, someRows } from '../strategy/candles.ts'
import type { SOUND } from './plants.ts'
import { requestOf } from './requests.ts'

type MakeStrategy = typeof SOUND
type Property = (makeStrategy: MakeStrategy) => void

/** Small sides and averages, so that much happens in few candles. */
export const someRequests: fc.Arbitrary<BacktestRequest> = fc
  .record({
    left: fc.integer({ min: 1, max: 2 }),
    right: fc.integer({ min: 1, max: 2 }),
    ma: fc.constantFrom('sma' as const, 'ema' as const),
    length: fc.integer({ min: 1, max: 4 }),
    trigger: fc.constantFrom('level' as const, 'cross' as const),
    guard: fc.boolean(),
    fill: fc.constantFrom('open' as const, 'close' as const),
  })
  .map(({ fill, ...strategy }) => requestOf({ strategy, execution: { fill } }))

export const run = (
  request: BacktestRequest,
  bars: BarSeries,
  makeStrategy?: MakeStrategy,
): BacktestOutcome =>
  runBacktest(request, { candles: bars, seconds: null, minTick: 0.01 }, makeStrategy && { makeStrategy })

export const decisionsOf = ({ candles: { length }, decisionAt }: BacktestOutcome): Decision[] =>
  Array.from({ length }, (_, i) => decisionAt(i))

/** The same cases every time. */
const FIXED = { seed: 5, numRuns: 60, endOnFailure: true }

const ofEveryRun =
  (holds: (outcome: BacktestOutcome, request: BacktestRequest) => void): Property =>
  (makeStrategy) =>
    fc.assert(
      fc.property(someRows(60), someRequests, (rows: Row[], request) =>
        holds(run(request, candles(rows), makeStrategy), request),
      ),
      FIXED,
    )

/** What must hold of the strategy, whoever has written it. Each throws where it does not. */
export const PROPERTIES = {
  'decisions on a prefix are the first decisions on the whole': (makeStrategy) =>
    fc.assert(
      fc.property(someRows(60), someRequests, fc.nat(), (rows, request, cut) => {
        const whole = candles(rows)
        const part = run(request, prefix(whole, cut % (rows.length + 1)), makeStrategy)
        const first = decisionsOf(run(request, whole, makeStrategy)).slice(0, part.candles.length)
        expect(decisionsOf(part)).toEqual(first)
      }),
      FIXED,
    ),

  'a run counts no rewrites': ofEveryRun(({ rewrites }) => {
    expect(rewrites).toBe(0)
  }),

  'a level is known no earlier than the close of the candle that confirms it': ofEveryRun((outcome) => {
    for (const { decidedAt, breakout, swingLow } of decisionsOf(outcome)) {
      for (const level of [breakout, swingLow]) expect(level?.confirmedAt ?? 0).toBeLessThanOrEqual(decidedAt)
    }
  }),

  'a swing beats its neighbours strictly': ofEveryRun(({ candles: { high, low }, pivotHighs, pivotLows }) => {
    for (const m of pivotHighs) expect(high[m]).toBeGreaterThan(Math.max(high[m - 1]!, high[m + 1]!))
    for (const m of pivotLows) expect(low[m]).toBeLessThan(Math.min(low[m - 1]!, low[m + 1]!))
  }),

  'something is done where all conditions hold, and only there': ofEveryRun((outcome) => {
    for (const { action, conditions } of decisionsOf(outcome)) {
      expect(action !== 'none').toBe(conditions.every(({ holds }) => holds))
    }
  }),

  'the stop of a position never falls': ofEveryRun(({ lines: { stop }, decisionAt }) => {
    for (let i = 1; i < stop.length; i++) {
      if (decisionAt(i).position === 'long') expect(stop[i]! < stop[i - 1]!).toBe(false)
    }
  }),
} satisfies Readonly<Record<string, Property>>
