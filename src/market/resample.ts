import { type BarSize, barSizeMs } from './barSize.ts'
import { BarSeries, lowerBound } from './series.ts'
import { nextSession, type Session, type SessionKind, sessionAt } from './session.ts'
import { type EpochMs, HOUR_MS, MINUTE_MS, type TimeRange } from './time.ts'
import { tradedValue, vwapOf } from './vwap.ts'
import { newYorkDay, newYorkInstant } from './zone.ts'

/** `session`: buckets are counted from the open · `clock`: they start on whole multiples in exchange time. */
export type Align = 'session' | 'clock'

/** How time is cut into candles (strategy, T3 and T4). */
export interface CandleGrid {
  readonly size: BarSize
  readonly session: SessionKind
  readonly align: Align
}

/** One candle's span of its session: bars with `from` <= time < `to` make it, and it closes at `to` (T1). */
export interface Bucket extends TimeRange {
  /** The candle's `time`: before `from` where the session opens inside a clock bucket. */
  readonly time: EpochMs
}

/** The sizes that are kept ready, made from stored seconds only, smallest first. */
const ROLLUP_SIZES = ['1m', '5m', '15m'] as const
export type RollupSize = (typeof ROLLUP_SIZES)[number]

/**
 * The candles of a grid (strategy, T1-T6) from bars that are sorted and that `canBuild` them. Bars outside the sessions
 * are left out, and a bucket without bars has no candle.
 */
export function resample(bars: BarSeries, grid: CandleGrid): BarSeries {
  const candles = new BarSeries()
  eachSession(bars, grid.session, (session, begin, end) => {
    const ruler = rulerOf(grid, session)
    for (let i = begin; i < end; ) {
      const bucket = bucketOf(session, ruler, bars.time[i] as EpochMs)
      const next = endOfBucket(bars, bucket.to, i, end)
      pushCandle(candles, bucket.time, bars, i, next)
      i = next
    }
  })
  return candles
}

/** The candles of a grid from bars of size `base`: bars of its own size are taken as they are stored (T3). */
export function candlesOf(bars: BarSeries, base: BarSize, grid: CandleGrid): BarSeries {
  if (base !== grid.size) return resample(bars, grid)
  return barSizeMs(base) <= LARGEST_FILTERED_MS ? inSessions(bars, grid.session) : bars
}

/** The bucket that holds `at`, or null outside the sessions. */
export function bucketAt(grid: CandleGrid, at: EpochMs): Bucket | null {
  const session = sessionAt(at, grid.session)
  return session && bucketOf(session, rulerOf(grid, session), at)
}

/** Every open and close of these sessions lies on a multiple of this, counted from midnight in New York. */
const EDGE_MS = { rth: 30 * MINUTE_MS, all: 4 * HOUR_MS } as const

/** Stored bars up to this size are filtered by session; a larger one may reach over an edge (T3). */
const LARGEST_FILTERED_MS = 30 * MINUTE_MS

/**
 * Whether bars of size `base` make the candles of a grid without being split. The half day's close at 17:00 lies
 * inside bars of 2h and 4h, but no trade of theirs follows it.
 */
export function canBuild(base: BarSize, { size, session }: CandleGrid): boolean {
  const baseMs = barSizeMs(base)
  if (base === size) return baseMs <= LARGEST_FILTERED_MS || session === 'all'
  return barSizeMs(size) % baseMs === 0 && EDGE_MS[session] % baseMs === 0
}

/** Why `canBuild` says no, as a message about the size; null where it does not. */
export function whyNotBuilt(base: BarSize, grid: CandleGrid): string | null {
  if (canBuild(base, grid)) return null
  return base === grid.size
    ? `${base} bars are kept as they were delivered: ask with session=all`
    : `${grid.size} candles of session=${grid.session} cannot be built from ${base} bars without splitting one`
}

/** The largest rollup that makes the candles of a grid, or null where only seconds do. */
export const rollupFor = (grid: CandleGrid): RollupSize | null =>
  ROLLUP_SIZES.findLast((size) => canBuild(size, grid)) ?? null

/** Buckets of one session start at `origin` and every `stepMs` after it. */
interface Ruler {
  readonly origin: EpochMs
  readonly stepMs: number
}

/** How a grid cuts a session. A `1d` bucket is the session itself, in either alignment. */
function rulerOf({ size, align }: CandleGrid, session: Session): Ruler {
  if (size === '1d') return { origin: session.from, stepMs: session.to - session.from }
  const origin = align === 'session' ? session.from : newYorkInstant(newYorkDay(session.from), 0)
  return { origin, stepMs: barSizeMs(size) }
}

function bucketOf(session: Session, { origin, stepMs }: Ruler, at: EpochMs): Bucket {
  const time = origin + Math.floor((at - origin) / stepMs) * stepMs
  return {
    time: time as EpochMs,
    from: Math.max(time, session.from) as EpochMs,
    to: Math.min(time + stepMs, session.to) as EpochMs,
  }
}

function inSessions(bars: BarSeries, kind: SessionKind): BarSeries {
  const kept = new BarSeries(bars.length)
  eachSession(bars, kind, (_, begin, end) => {
    for (let i = begin; i < end; i++) kept.push(bars.at(i))
  })
  return kept
}

/** Visits the sessions that have bars, with the indexes [begin, end) of their bars. */
function eachSession(
  bars: BarSeries,
  kind: SessionKind,
  visit: (session: Session, begin: number, end: number) => void,
): void {
  for (let i = 0; i < bars.length; ) {
    const at = bars.time[i] as EpochMs
    const session = sessionAt(at, kind)
    const end = lowerBound(bars, session?.to ?? nextSession(at, kind).from)
    if (session) visit(session, i, end)
    i = end
  }
}

/** The first index from `begin` to `end` whose bar starts at or after `to`, found in steps that double from `begin`. */
function endOfBucket({ time }: BarSeries, to: EpochMs, begin: number, end: number): number {
  let low = begin
  let step = 1
  while (low + step < end && time[low + step]! < to) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step, end)
  while (low + 1 < high) {
    const middle = (low + high) >>> 1
    if (time[middle]! < to) low = middle
    else high = middle
  }
  return high
}

/**
 * One candle of the bars [begin, end), at least one (T5). A null among the trade counts makes the sum null. The columns
 * are read through locals: this loop is what resampling costs.
 */
function pushCandle(candles: BarSeries, time: EpochMs, bars: BarSeries, begin: number, end: number): void {
  const { high: highs, low: lows, volume: volumes, vwap: vwaps, tradeCount: counts } = bars
  let high = highs[begin]!
  let low = lows[begin]!
  let volume = 0
  let value = 0
  let count = 0
  for (let i = begin; i < end; i++) {
    const top = highs[i]!
    const bottom = lows[i]!
    const traded = volumes[i]!
    if (top > high) high = top
    if (bottom < low) low = bottom
    volume += traded
    value += tradedValue(vwaps[i]!, traded)
    count += counts[i]!
  }
  const [open, close] = [bars.open[begin]!, bars.close[end - 1]!]
  const tradeCount = Number.isNaN(count) ? null : count
  candles.push({ time, open, high, low, close, volume, vwap: vwapOf(value, volume), tradeCount })
}
