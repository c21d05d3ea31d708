import { candleClose } from '../market/candleClose.ts'
import type { CandleGrid } from '../market/resample.ts'
import type { BarSeries } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { Condition, Decision, Level } from '../strategy/decision.ts'
import type { Strategy } from '../strategy/strategy.ts'
import type { Outline, Veto } from './decisionLog.ts'

/** The decision at the close of candle `i`, told in full from its outline. */
export function decisionRecord(
  strategy: Strategy,
  grid: CandleGrid,
  bars: BarSeries,
  i: number,
  { stance, isLong, action, veto }: Outline,
): Decision {
  const level = (prices: Float64Array, pivot: number): Level | null =>
    pivot < 0 ? null : levelOf(grid, bars, prices[pivot]!, pivot, pivot + strategy.confirmedAfter)
  const { conditions, reason } = strategy.explain(bars, i, isLong, stance)
  const time = bars.time[i] as EpochMs
  return {
    time,
    decidedAt: candleClose(grid, time),
    close: bars.close[i]!,
    position: isLong ? 'long' : 'flat',
    breakout: level(bars.high, stance.swingHigh),
    swingLow: level(bars.low, stance.swingLow),
    movingAverage: Number.isNaN(stance.movingAverage) ? null : stance.movingAverage,
    stop: Number.isNaN(stance.stop) ? null : stance.stop,
    conditions: veto === null ? conditions : [...conditions, HINDRANCES[veto]],
    action,
    reason: veto === null ? reason : `${reason}, but ${WORDS[veto]}`,
  }
}

function levelOf(grid: CandleGrid, bars: BarSeries, price: number, pivot: number, confirmed: number): Level {
  return {
    price,
    pivotTime: bars.time[pivot] as EpochMs,
    confirmedAt: candleClose(grid, bars.time[confirmed] as EpochMs),
  }
}

const WORDS: Readonly<Record<Veto, string>> = {
  order: 'an order is still on its way',
  hour: 'nothing is bought at this hour of the session',
  size: 'the equity buys no whole share',
}

const hindrance = (name: string): Condition => ({ name, left: null, right: null, holds: false })

const HINDRANCES: Readonly<Record<Veto, Condition>> = {
  order: hindrance('no order on its way'),
  hour: hindrance('inside the entry window'),
  size: hindrance('shares >= 1'),
}
