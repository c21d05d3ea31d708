import { type EpochMs, earlier, epochMs, later, type TimeRange } from './time.ts'

/** `done` asked and stored · `empty` no data, confirmed · `partial` answered in part · `failed` asked in vain. */
export type CoverageState = 'done' | 'empty' | 'partial' | 'failed'

export interface CoverageRange extends TimeRange {
  readonly state: CoverageState
}

/** What is not `done`; `missing` was never asked for. */
type GapState = Exclude<CoverageState, 'done'> | 'missing'

export interface Gap extends TimeRange {
  readonly state: GapState
}

/**
 * The parts of a range that are not `done`, oldest first, neighbours of one state as one. `empty` ones are told too,
 * though they count as covered. `known` is sorted and does not overlap, as the coverage store answers it.
 */
export const gapsOf = (range: TimeRange, known: readonly CoverageRange[]): Gap[] =>
  joined(spansOf(range, known)).filter((span): span is Gap => span.state !== 'done')

/** How much of a range is covered: asked for and stored, or confirmed to be empty. */
export const coveredMs = (range: TimeRange, known: readonly CoverageRange[]): number =>
  lengthMs(range) - unasked(range, known).reduce((sum, part) => sum + lengthMs(part), 0)

/** What a backfill has to ask for: whatever is neither `done` nor `empty`, oldest first, neighbours as one. */
export const unasked = (range: TimeRange, known: readonly CoverageRange[]): TimeRange[] =>
  joined(spansOf(range, known.filter(isCovered)))
    .filter((span) => span.state === 'missing')
    .map(({ from, to }) => ({ from, to }))

/**
 * What an answer leaves of the range that was asked for, oldest first: `partial` where rows of `lengthMs` came that
 * cannot be bars, `done` elsewhere. A row without a readable time (null) may belong anywhere in the range.
 */
export function answeredSpans(
  range: TimeRange,
  bad: readonly (EpochMs | null)[],
  lengthMs: number,
): CoverageRange[] {
  const spans = bad
    .map((at) => (at === null ? range : { from: at, to: epochMs(at + lengthMs) }))
    .sort((a, b) => a.from - b.from)
    .map((span) => ({ ...span, state: 'partial' }) as const)
  return joined(spansOf(range, spans)).map(({ from, to, state }) => ({
    ...{ from, to },
    state: state === 'missing' ? 'done' : state,
  }))
}

/** Those parts of the known `partial` spans that lie in `ranges`. */
export const partialWithin = (known: readonly CoverageRange[], ranges: readonly TimeRange[]): TimeRange[] =>
  ranges.flatMap((range) =>
    known
      .filter(({ state }) => state === 'partial')
      .map(({ from, to }) => ({ from: later(from, range.from), to: earlier(to, range.to) }))
      .filter(({ from, to }) => from < to),
  )

/** Whether all of the ranges has been answered before, in full or in part. */
export const wasAnswered = (ranges: readonly TimeRange[], known: readonly CoverageRange[]): boolean =>
  ranges.every((range) => spansOf(range, known).every(({ state }) => state === 'partial' || state === 'done'))

const isCovered = ({ state }: CoverageRange): boolean => state === 'done' || state === 'empty'

const lengthMs = ({ from, to }: TimeRange): number => Math.max(0, to - from)

type Span = CoverageRange | Gap

/** The whole range as spans that touch: what is known, and `missing` between. */
function spansOf(range: TimeRange, known: readonly CoverageRange[]): Span[] {
  const spans: Span[] = []
  let at = range.from
  const reach = (to: EpochMs, state: Span['state']) => {
    if (to > at) spans.push({ from: at, to, state })
    at = epochMs(Math.max(at, to))
  }
  for (const { from, to, state } of known) {
    reach(epochMs(Math.min(from, range.to)), 'missing')
    reach(epochMs(Math.min(to, range.to)), state)
  }
  reach(range.to, 'missing')
  return spans
}

/** Neighbours of one state become one span. */
function joined(spans: readonly Span[]): Span[] {
  const whole: Span[] = []
  for (const span of spans) {
    const last = whole.at(-1)
    if (last && last.to === span.from && last.state === span.state)
      whole[whole.length - 1] = { ...last, to: span.to }
    else whole.push(span)
  }
  return whole
}
