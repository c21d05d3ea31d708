import type { Performance } from '../../../src/backtest/statistics/statistics.ts'
import type { Trade } from '../../../src/execution/trade.ts'
import { BarSeries } from '../../../src/market/series.ts'
import { sessionsBetween } from '../../../src/market/session.ts'
import { type EpochMs, HOUR_MS, parseInstant, plus } from '../../../src/market/time.ts'

const START = parseInstant('2013-10-07T13:30:00Z')

export const tradeOf = (fields: Partial<Trade>): Trade => ({
  entryTime: START,
  entryPrice: 100,
  entryReason: 'breakout',
  exitTime: plus(START, HOUR_MS),
  exitPrice: 101,
  exitReason: 'stop',
  quantity: 10,
  grossPnl: 10,
  commission: 0,
  netPnl: 10,
  returnPct: 0.01,
  bars: 2,
  mae: 0,
  mfe: 0.01,
  ...fields,
})

/** Candles that open and close at these prices, `perSession` to each session from 2013-10-07 on, an hour apart. */
export function candlesOf(closes: readonly number[], perSession: number): BarSeries {
  const times = hours(perSession)
  return BarSeries.of(
    closes.map((close, i) => {
      const open = i === 0 ? close : closes[i - 1]!
      const [high, low] = [Math.max(open, close), Math.min(open, close)]
      return { time: times[i]!, open, high, low, close, volume: 100, vwap: null, tradeCount: null }
    }),
  )
}

/** An account with this equity at its closes. */
export const performanceOf = (fields: Partial<Performance> & Pick<Performance, 'candles'>): Performance => ({
  equity: new Float64Array(fields.candles.length).fill(1_000),
  candlesHeld: 0,
  initialCash: 1_000,
  trades: [],
  commissions: 0,
  slippageCost: 0,
  traded: 0,
  ...fields,
})

const hours = (perSession: number): EpochMs[] =>
  sessionsBetween({ from: START, to: parseInstant('2015-12-31T00:00:00Z') }, 'rth').flatMap(({ from }) =>
    Array.from({ length: perSession }, (_, k) => plus(from, k * HOUR_MS)),
  )
