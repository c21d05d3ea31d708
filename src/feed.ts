import { type BarSize, barSizeMs } from './market/barSize.ts'
import { type CoverageRange, coveredMs } from './market/coverage.ts'
import type { Instrument } from './market/instrument.ts'
import { bucketAt, type CandleGrid, candlesOf, resample, rollupFor } from './market/resample.ts'
import type { Bar, BarSeries } from './market/series.ts'
import { nextSession, type Session, sessionsBetween } from './market/session.ts'
import { DAY_MS, type EpochMs, earlier, HOUR_MS, later, plus, type TimeRange } from './market/time.ts'
import type { Stores } from './ports/stores.ts'

export interface FeedDeps {
  readonly stores: Pick<Stores, 'bars' | 'coverage' | 'quarantine'>
}

export interface CandleQuery extends CandleGrid, TimeRange {
  readonly instrument: Instrument
  /** The size of the stored bars; one that `canBuild` the grid. */
  readonly base: BarSize
  /** Market time. */
  readonly now: EpochMs
  /** How many are wanted at most; all when it is left out. */
  readonly limit?: number
}

export interface Candle extends Bar {
  /** Whether its end has passed (strategy, T7). */
  readonly complete: boolean
  /** How much of its time was asked of the broker and answered: 0 to 1. */
  readonly coverage: number
  /** Whether a suspected bad print lies inside. */
  readonly suspect: boolean
}

/** The candles that start in the range, oldest first. At most one session of seconds is held at a time. */
export async function* candles(deps: FeedDeps, query: CandleQuery): AsyncGenerator<Candle> {
  const batches = query.base === query.size ? storedBatches(deps, query) : sessionBatches(deps, query)
  let left = query.limit ?? Number.POSITIVE_INFINITY
  for await (const batch of batches) {
    const started = [...batch].filter(({ time }) => time >= query.from && time < query.to).slice(0, left)
    if (started.length > 0) yield* judged(deps, query, started)
    left -= started.length
    if (left === 0) return
  }
}

const BARS_PER_BATCH = 10_000
/** Many may lie outside of the session that is asked for: each page is larger than the one before. */
const LEAST_BARS = 500

/** Stored bars as they are, in pages. */
async function* storedBatches({ stores }: FeedDeps, query: CandleQuery): AsyncGenerator<BarSeries> {
  const { instrument, base: size, to } = query
  let wanted = Math.max(query.limit ?? BARS_PER_BATCH, LEAST_BARS)
  for (let from = query.from; ; wanted *= 4) {
    const limit = Math.min(wanted, BARS_PER_BATCH)
    const bars = await stores.bars.between({ instrument, size, from, to, limit })
    yield candlesOf(bars, size, query)
    if (bars.length < limit) return
    from = plus(bars.at(bars.length - 1).time, 1)
  }
}

/** Resampled bars of as many whole sessions as a batch may hold; sessions before the next stored bar are skipped. */
async function* sessionBatches({ stores }: FeedDeps, query: CandleQuery): AsyncGenerator<BarSeries> {
  const { instrument, base } = query
  const source = base === '1s' ? rollupFor(query) : null
  const window = await storedWindow({ stores }, query)
  if (window === null) return
  const sessions = sessionsBetween(window, query.session)
  const most = Math.min(sessionsPerBatch(source ?? base), sessionsWanted(query))
  for (let i = 0; i < sessions.length; ) {
    const from = later(sessions[i]!.from, query.from)
    const first = i === 0 ? window.from : await firstStored({ stores }, query, from)
    if (first === null) return
    i = indexAfter(sessions, i, first)
    const batch = sessions.slice(i, i + most)
    if (batch.length === 0) return
    i += batch.length
    const range = {
      instrument,
      from: later(batch[0]!.from, query.from),
      to: earlier(batch.at(-1)!.to, window.to),
    }
    const bars = source
      ? await stores.bars.rollups({ ...range, size: source })
      : await stores.bars.between({ ...range, size: base })
    yield resample(bars, query)
  }
}

/**
 * From the first stored bar on, as far as there can be one in a candle asked for; null when there is none. No bar is
 * later than the market's time; a day more, for a clock that is behind.
 */
async function storedWindow(deps: FeedDeps, query: CandleQuery): Promise<TimeRange | null> {
  const from = await firstStored(deps, query, query.from)
  return from === null ? null : { from, to: earlier(endOf(query), plus(later(query.now, from), DAY_MS)) }
}

/** The last candle starts before `to` and may reach beyond it. */
const endOf = ({ to, size }: CandleQuery): EpochMs => plus(to, barSizeMs(size))

async function firstStored({ stores }: FeedDeps, query: CandleQuery, from: EpochMs): Promise<EpochMs | null> {
  const { instrument, base: size } = query
  const [first] = await stores.bars.between({ instrument, size, from, to: endOf(query), limit: 1 })
  return first?.time ?? null
}

/** The first session from `i` on that closes after `at`. */
function indexAfter(sessions: readonly Session[], i: number, at: EpochMs): number {
  let index = i
  while (index < sessions.length && sessions[index]!.to <= at) index++
  return index
}

const sessionsPerBatch = (size: BarSize): number =>
  Math.max(1, Math.floor((BARS_PER_BATCH * barSizeMs(size)) / DAY_MS))

const REGULAR_HOURS_MS = 6.5 * HOUR_MS

/** About as many as have the candles that are wanted. */
const sessionsWanted = ({ limit = Number.POSITIVE_INFINITY, size }: CandleQuery): number =>
  Math.max(1, Math.ceil((limit * barSizeMs(size)) / REGULAR_HOURS_MS))

/** Candles with what the ledger and the quarantine say of their spans. */
async function* judged(
  { stores }: FeedDeps,
  query: CandleQuery,
  bars: readonly Bar[],
): AsyncGenerator<Candle> {
  const spans = bars.map(({ time }) => spanOf(query, time))
  const range = { from: spans[0]!.from, to: spans.at(-1)!.to }
  const known = await stores.coverage.between(query.instrument, query.base, range)
  const parts = overlapping(spans, known)
  const suspected = await stores.quarantine.suspected(query.instrument, query.base, range)
  for (const [i, bar] of bars.entries()) {
    const span = spans[i]!
    const coverage = coveredMs(span, parts[i]!) / (span.to - span.from)
    const suspect = suspected.some((time) => time >= span.from && time < span.to)
    yield { ...bar, complete: span.to <= query.now, coverage, suspect }
  }
}

/** The span of the candle that carries `time`; that of a stored bar which lies on no grid is its nominal length. */
function spanOf(grid: CandleGrid, time: EpochMs): TimeRange {
  const bucket = bucketAt(grid, time) ?? bucketAt(grid, nextSession(time, grid.session).from)
  return bucket?.time === time ? bucket : { from: time, to: plus(time, barSizeMs(grid.size)) }
}

/** For each span the known ranges that overlap it, in one pass: both are sorted and do not overlap themselves. */
export function overlapping(spans: readonly TimeRange[], known: readonly CoverageRange[]): CoverageRange[][] {
  let first = 0
  return spans.map(({ from, to }) => {
    while (first < known.length && known[first]!.to <= from) first++
    let end = first
    while (end < known.length && known[end]!.from < to) end++
    return known.slice(first, end)
  })
}
