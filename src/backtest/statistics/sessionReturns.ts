import { type BarSeries, lowerBound } from '../../market/series.ts'
import type { EpochMs } from '../../market/time.ts'
import { newYorkDay, newYorkInstant } from '../../market/zone.ts'

/** Sessions in a year of the exchange, as everybody counts them: what returns are annualised with. */
export const SESSIONS_PER_YEAR = 252

/** The index of the last candle of each exchange date that has candles, ascending. */
export function sessionEnds(candles: BarSeries): number[] {
  const ends: number[] = []
  for (let i = 0; i < candles.length; ) {
    const midnight = newYorkInstant(newYorkDay(candles.time[i] as EpochMs) + 1, 0)
    i = lowerBound(candles, midnight)
    ends.push(i - 1)
  }
  return ends
}

/**
 * The return of each session: value at its last close ÷ value at the last close of the session before − 1. The first
 * is counted from `start`.
 */
export function sessionReturns(ends: readonly number[], values: Float64Array, start: number): Float64Array {
  const returns = new Float64Array(ends.length)
  let before = start
  for (const [k, end] of ends.entries()) {
    returns[k] = values[end]! / before - 1
    before = values[end]!
  }
  return returns
}
