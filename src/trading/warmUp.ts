import { barSizeMs } from '../market/barSize.ts'
import { bucketAt, type CandleGrid } from '../market/resample.ts'
import { type BarSeries, lowerBound } from '../market/series.ts'
import { previousSession, type Session, sessionAt } from '../market/session.ts'
import { type EpochMs, earlier, epochMs, HOUR_MS, plus, type TimeRange } from '../market/time.ts'
import type { TraderSettings } from '../ports/traders.ts'
import { warmUpCandles } from '../strategy/pivotBreakout.ts'
import { GRACE_MS } from './closing.ts'
import { gridOf } from './settings.ts'

/** Of a session that is no half day. */
const SESSION_MS = { rth: 6.5 * HOUR_MS, all: 16 * HOUR_MS } as const
/** So many sessions without a candle, one after the other, and there is nothing further back. */
const MOST_EMPTY = 5

/** How many candles are observed before the first decision (strategy, P4). */
export const candlesToWarmUp = (settings: TraderSettings): number =>
  warmUpCandles(settings.strategy, 2 * candlesInSession(settings))

export const candlesInSession = ({ size, session }: TraderSettings): number =>
  Math.ceil(SESSION_MS[session] / barSizeMs(size))

/** The end of the last candle that has closed beyond doubt at `now`: from here on the stream is watched. */
export function settledUntil(grid: CandleGrid, now: EpochMs): EpochMs {
  const settled = epochMs(now - GRACE_MS)
  return bucketAt(grid, settled)?.from ?? previousSession(settled, grid.session).to
}

/** Which candles: enough of them before `before`, and all up to `until`. */
export interface WarmUp {
  readonly settings: TraderSettings
  readonly before: EpochMs
  readonly until: EpochMs
}

/** Goes back session by session until there are enough, or no more; `between` tells the candles of one. */
export async function warmUp(
  { settings, before, until }: WarmUp,
  between: (range: TimeRange) => Promise<BarSeries>,
): Promise<BarSeries[]> {
  const needed = candlesToWarmUp(settings)
  const parts: BarSeries[] = []
  for (let end = until, count = 0, empty = 0; count < needed && empty < MOST_EMPTY; ) {
    const session = sessionBefore(end, gridOf(settings))
    const part = await between({ from: session.from, to: earlier(session.to, until) })
    parts.unshift(part)
    count += lowerBound(part, before)
    empty = part.length === 0 ? empty + 1 : 0
    end = session.from
  }
  return parts
}

/** The session that is open just before `at`, else the last one before it. */
const sessionBefore = (at: EpochMs, { session }: CandleGrid): Session =>
  sessionAt(plus(at, -1), session) ?? previousSession(at, session)
