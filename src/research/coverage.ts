import type { BacktestRequest } from '../backtest/request.ts'
import { overlapping } from '../feed.ts'
import { type BarSize, barSizeMs } from '../market/barSize.ts'
import { coveredMs } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import { type SessionKind, sessionsBetween } from '../market/session.ts'
import { earlier, later, MINUTE_MS, type TimeRange } from '../market/time.ts'
import type { CoverageStore } from '../ports/coverage.ts'
import { refusedAt } from './refusal.ts'

const LEAST_COVERED = 0.9

/** Larger bars are kept as they were delivered, and tell nothing of the extended hours that they might reach into. */
const LARGEST_FILTERED_MS = 30 * MINUTE_MS

/**
 * What is to be said of time that is not covered by bars of `size`: nothing, or a warning. Refuses less than 90 % unless
 * the request forces it.
 */
export async function coverageWarnings(
  { coverage }: { readonly coverage: CoverageStore },
  request: BacktestRequest,
  { instrument, size, range }: { instrument: Instrument; size: BarSize; range: TimeRange },
): Promise<string[]> {
  const kind = barSizeMs(size) > LARGEST_FILTERED_MS ? 'rth' : request.session
  const spans = spansOf(range, kind)
  const known = overlapping(spans, await coverage.between(instrument, size, range))
  const covered = spans.map((span, i) => coveredMs(span, known[i]!))
  const [part, whole] = [sum(covered), sum(spans.map(({ from, to }) => to - from))]
  if (part === whole) return []
  const gaps = spans.filter(({ from, to }, i) => covered[i]! < to - from)
  const sentence =
    `${percent(part / whole)} of the time is covered by ${size} bars: ${gaps.length} of ${spans.length} sessions ` +
    `${gaps.length === 1 ? 'has' : 'have'} gaps, the first ${gaps[0]!.date}`
  if (part / whole >= LEAST_COVERED || request.force) return [sentence]
  const message = `${sentence}; fill them (POST /v1/backfills), or set force to run over them`
  throw refusedAt('/force', message)
}

/** The parts of the sessions that lie in the range. */
const spansOf = (range: TimeRange, kind: SessionKind) =>
  sessionsBetween(range, kind).map(({ date, from, to }) => ({
    date,
    from: later(from, range.from),
    to: earlier(to, range.to),
  }))

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Cut, not rounded: 99.99 % is not all. */
const percent = (part: number): string => `${Math.floor(part * 1_000) / 10} %`
