import { type BarSize, barSizeMs } from './market/barSize.ts'
import { type CoverageRange, coveredMs } from './market/coverage.ts'
import type { Instrument } from './market/instrument.ts'
import { bucketAt, type CandleGrid, candlesOf, resample, rollupFor } from './market/resample.ts'
import type { Bar, BarSeries } from './market/series.ts'
import { nextSession, sessionsFrom } from './market/session.ts'
import { DAY_MS, type EpochMs, earlier, HOUR_MS, later, plus, type TimeRange } from './market/time.ts'
import type { Stores } from './ports/stores.ts'

export interface FeedDeps {
  readonly stores: Pick<Stores, 'bars' | 'coverage'>
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

/** The candles that start in the range, oldest first, in batches: at most one session of seconds is held at a time. */
export async function* candles(deps: FeedDeps, query: CandleQuery): AsyncGenerator<Candle[]> {
  const batches = query.base === query.size ? storedBatches(deps, query) : sessionBatches(deps, query)
  let left = query.limit ?? Number.POSITIVE_INFINITY
  for await (const batch of batches) {
    const started = [...batch].filter(({ time }) => time >= query.from && time < query.to).slice(0, left)
    if (started.length > 0) yield await judged(deps, query, started)
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
  const { base, session } = query
  const source = base === '1s' ? rollupFor(query) : null
  const stored = source ?? base
  const count = Math.min(sessionsPerBatch(stored), sessionsWanted(query))
  const read = (range: TimeRange, limit?: number): Promise<BarSeries> => {
    const asked = { instrument: query.instrument, ...range, ...(limit === undefined ? {} : { limit }) }
    return source === null
      ? stores.bars.between({ ...asked, size: base })
      : stores.bars.rollups({ ...asked, size: source })
  }
  const end = endOf(query)
  for (let { from } = query; from < end; ) {
    const first = await read({ from, to: end }, 1)
    if (first.length === 0) return
    const sessions = sessionsFrom(first.at(0).time, count, session)
    const last = sessions.at(-1)
    if (last === undefined) return
    const range = { from: later(sessions[0]!.from, from), to: earlier(last.to, end) }
    const most = sessions.length === 1 ? mostRows(query, stored) : undefined
    yield resample(await read(range, most), query)
    from = last.to
  }
}

/** The last candle starts before `to` and may reach beyond it. */
const endOf = ({ to, size }: CandleQuery): EpochMs => plus(to, barSizeMs(size))

const sessionsPerBatch = (size: BarSize): number =>
  Math.max(1, Math.floor((BARS_PER_BATCH * barSizeMs(size)) / DAY_MS))

const REGULAR_HOURS_MS = 6.5 * HOUR_MS

/** About as many as have the candles that are wanted. */
const sessionsWanted = ({ limit = Number.POSITIVE_INFINITY, size }: CandleQuery): number =>
  Math.max(1, Math.ceil((limit * barSizeMs(size)) / REGULAR_HOURS_MS))

/**
 * As many as can lie in the candles that are wanted, and in one that may have begun before the range. Unknown where bars
 * may overlap: an import may hold hours that begin at any minute.
 */
function mostRows({ base, limit, size }: CandleQuery, stored: BarSize): number | undefined {
  if (limit === undefined || base !== '1s') return undefined
  return ((limit + 1) * barSizeMs(size)) / barSizeMs(stored)
}

/** Candles with what the ledger and the quarantine say of their spans. */
async function judged({ stores }: FeedDeps, query: CandleQuery, bars: readonly Bar[]): Promise<Candle[]> {
  const spans = bars.map(({ time }) => spanOf(query, time))
  const range = { from: spans[0]!.from, to: spans.at(-1)!.to }
  const { known, suspected } = await stores.coverage.judgement(query.instrument, query.base, range)
  const parts = overlapping(spans, known)
  return bars.map((bar, i) => {
    const span = spans[i]!
    const coverage = coveredMs(span, parts[i]!) / (span.to - span.from)
    const suspect = suspected.some((time) => time >= span.from && time < span.to)
    // A spread that comes first takes twenty times as long.
    return { complete: span.to <= query.now, coverage, suspect, ...bar }
  })
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
