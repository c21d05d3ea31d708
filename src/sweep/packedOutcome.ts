import type { BacktestOutcome, Lines } from '../backtest/outcome.ts'
import { DecisionLog } from '../engine/decisionLog.ts'
import { BarSeries } from '../market/series.ts'
import { priceAt } from '../strategy/pivotBreakout.ts'
import { type Columns, packed, unpacked } from './packedColumns.ts'

/** What of an outcome is as long as its candles, or told by their indexes. */
type LongOutcome = Pick<BacktestOutcome, 'candles' | 'pivotHighs' | 'pivotLows' | 'lines' | 'decisions'>

const BARS = ['time', 'open', 'high', 'low', 'close', 'volume', 'vwap', 'tradeCount'] as const
const DECISIONS = ['swingHigh', 'swingLow', 'movingAverage', 'stop', 'deed'] as const

/** The columns of an outcome as compressed bytes. */
export function packedOutcome({ candles, decisions, lines, pivotHighs, pivotLows }: LongOutcome): Uint8Array {
  const own = (column: ArrayLike<number>) =>
    Float64Array.from({ length: candles.length }, (_, i) => column[i]!)
  return packed({
    ...Object.fromEntries(BARS.map((name) => [name, own(candles[name])])),
    ...Object.fromEntries(DECISIONS.map((name) => [name, own(decisions[name])])),
    equity: own(lines.equity),
    pivotHighs: Float64Array.from(pivotHighs),
    pivotLows: Float64Array.from(pivotLows),
  })
}

/** What `packedOutcome` was given. */
export async function unpackedOutcome(bytes: Uint8Array): Promise<LongOutcome> {
  const columns = await unpacked(bytes)
  const candles = candlesOf(columns)
  const decisions = decisionsOf(columns)
  return {
    candles,
    decisions,
    lines: linesOf(candles, decisions, columns.equity!),
    pivotHighs: Int32Array.from(columns.pivotHighs!),
    pivotLows: Int32Array.from(columns.pivotLows!),
  }
}

function candlesOf(columns: Columns): BarSeries {
  const series = new BarSeries(1)
  for (const name of BARS) series[name] = columns[name]!
  series.length = columns.time!.length
  return series
}

function decisionsOf({ swingHigh, swingLow, movingAverage, stop, deed }: Columns): DecisionLog {
  return Object.assign(new DecisionLog(1), {
    length: deed!.length,
    swingHigh: Int32Array.from(swingHigh!),
    swingLow: Int32Array.from(swingLow!),
    movingAverage,
    stop,
    deed: Uint8Array.from(deed!),
  })
}

function linesOf(candles: BarSeries, decisions: DecisionLog, equity: Float64Array): Lines {
  const priced = (prices: Float64Array, pivots: Int32Array) =>
    Float64Array.from(pivots, (pivot) => priceAt(prices, pivot))
  const { swingHigh, swingLow, movingAverage, stop } = decisions
  return {
    breakout: priced(candles.high, swingHigh),
    swingLow: priced(candles.low, swingLow),
    movingAverage,
    stop,
    equity,
  }
}
