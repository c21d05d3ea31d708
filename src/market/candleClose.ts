import { barSizeMs } from './barSize.ts'
import { bucketAt, type CandleGrid } from './resample.ts'
import { nextSession, sessionAt } from './session.ts'
import { type EpochMs, plus, type TimeRange } from './time.ts'

/** The span of the candle that has this `time`: it closes at `to`, the end of its size or of its session (strategy, T1). */
export function candleSpan(grid: CandleGrid, time: EpochMs): TimeRange {
  const end = plus(time, barSizeMs(grid.size))
  // A clock bucket may begin before its session opens.
  return bucketAt(grid, time) ?? bucketAt(grid, plus(end, -1)) ?? { from: time, to: end }
}

export const candleClose = (grid: CandleGrid, time: EpochMs): EpochMs => candleSpan(grid, time).to

/**
 * From when an order can trade that is decided at a candle's close: at once, and after a session's last close from the
 * next session's open (strategy, F6).
 */
export function tradableFrom(grid: CandleGrid, time: EpochMs): EpochMs {
  const closesAt = candleClose(grid, time)
  return sessionAt(closesAt, grid.session) ? closesAt : nextSession(closesAt, grid.session).from
}
