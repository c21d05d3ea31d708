import type { DecisionLog } from '../engine/decisionLog.ts'
import type { EntryWindow } from '../engine/entryWindow.ts'
import type { Book } from '../execution/book.ts'
import type { Market } from '../execution/tape.ts'
import type { OpenTrade, Trade } from '../execution/trade.ts'
import { type BarSeries, prefix } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { PivotBreakoutParameters } from '../strategy/parameters.ts'
import { PivotBreakout, priceAt } from '../strategy/pivotBreakout.ts'
import type { Strategy } from '../strategy/strategy.ts'
import { accountCurve } from './accountCurve.ts'
import { mustMakeSense } from './mustMakeSense.ts'
import type { BacktestOutcome, Lines } from './outcome.ts'
import { type Played, type Progress, play, type Reasoned } from './play.ts'
import type { BacktestRequest } from './request.ts'
import { countRewrites } from './rewrites.ts'
import { statisticsOf } from './statistics/statistics.ts'
import { warningsOf } from './warnings.ts'

interface BacktestOptions {
  readonly onProgress?: Progress
  /** The trader's limits on the hour of entries; off by default. */
  readonly entryWindow?: EntryWindow
  /** Another strategy in the place of the pivot breakout; each call makes a fresh one. */
  readonly makeStrategy?: (parameters: PivotBreakoutParameters) => Strategy
}

/**
 * Trades the candles of a request, which are those of its size, session and alignment, sorted. Seconds are needed for
 * fills on seconds, and a protective stop is walked along them where there are any. Throws a RangeError on parameters
 * that make no sense.
 */
export function runBacktest(
  request: BacktestRequest,
  market: Market,
  options: BacktestOptions = {},
): BacktestOutcome {
  mustMakeSense(request)
  const { onProgress, entryWindow = null, makeStrategy = pivotBreakout } = options
  const { strategy, sizing, execution, initialCash } = request
  const { minTick, candles } = market
  const { protectiveStopPct } = strategy
  const rules = { grid: request, sizing, protectiveStopPct, minTick, entryWindow, execution, initialCash }
  const played = play(makeStrategy(strategy), market, rules, onProgress)
  const rewrites = countRewrites(played.engine.decisions, (length) => {
    const part = { ...market, candles: prefix(candles, length) }
    return play(makeStrategy(strategy), part, rules).engine.decisions
  })
  return { ...resultOf(request, candles, played), rewrites }
}

function resultOf(
  request: BacktestRequest,
  candles: BarSeries,
  { engine, book }: Played,
): Omit<BacktestOutcome, 'rewrites'> {
  const { commissions, slippageCost, traded, trades } = book
  const { initialCash } = request
  const { equity, candlesHeld } = accountCurve(candles, book.balances)
  const costs = { commissions, slippageCost, traded }
  return {
    candles,
    pivotHighs: swingsOf(engine.decisions.swingHigh, candles.length),
    pivotLows: swingsOf(engine.decisions.swingLow, candles.length),
    lines: linesOf(candles, engine.decisions, equity),
    trades: trades.map(toldTrade),
    openTrade: openTradeOf(book, candles),
    statistics: statisticsOf({ candles, equity, candlesHeld, initialCash, trades, ...costs }),
    warnings: warningsOf(request, candles.length, engine, book),
    decisions: engine.decisions,
    decisionAt: (i) => engine.decisionAt(candles, i),
  }
}

const pivotBreakout = (parameters: PivotBreakoutParameters): Strategy => new PivotBreakout(parameters)

/** Every confirmed swing is the newest one at some close. */
function swingsOf(newest: Int32Array, length: number): Int32Array {
  const found: number[] = []
  for (let i = 0; i < length; i++) {
    if (newest[i]! >= 0 && newest[i] !== newest[i - 1]) found.push(newest[i]!)
  }
  return Int32Array.from(found)
}

function linesOf(candles: BarSeries, decisions: DecisionLog, equity: Float64Array): Lines {
  const { length, high, low } = candles
  return {
    breakout: pricesAt(high, decisions.swingHigh, length),
    swingLow: pricesAt(low, decisions.swingLow, length),
    movingAverage: decisions.movingAverage.subarray(0, length),
    stop: decisions.stop.subarray(0, length),
    equity,
  }
}

function pricesAt(prices: Float64Array, pivots: Int32Array, length: number): Float64Array {
  const line = new Float64Array(length)
  for (let i = 0; i < length; i++) line[i] = priceAt(prices, pivots[i]!)
  return line
}

/** A trade with its reasons as texts. */
const toldTrade = (trade: Trade<Reasoned>): Trade => ({
  ...trade,
  entryReason: trade.entryReason.reason,
  exitReason: trade.exitReason.reason,
})

function openTradeOf(book: Book<Reasoned>, candles: BarSeries): OpenTrade | null {
  const last = candles.length - 1
  const trade = last < 0 ? null : book.openTrade(candles.time[last] as EpochMs, candles.close[last]!, last)
  return trade && { ...trade, entryReason: trade.entryReason.reason }
}
