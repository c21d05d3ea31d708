import type { CoverageRange } from '../../../src/market/coverage.ts'
import { type EpochMs, earlier, later, type TimeRange } from '../../../src/market/time.ts'
import type { CoverageStore } from '../../../src/ports/coverage.ts'
import { type Journal, Table } from './table.ts'

/** Nothing is suspected in memory: the tapes of virtual time have no bad prints. */
export function memoryCoverage(journal: Journal): CoverageStore {
  const known = new Table<string, readonly CoverageRange[]>('coverage', journal)
  const between: CoverageStore['between'] = async ({ id }, size, range) =>
    (known.get(`${id} ${size}`) ?? [])
      .map((span) => ({ ...span, from: later(span.from, range.from), to: earlier(span.to, range.to) }))
      .filter(({ from, to }) => from < to)
  return {
    async mark({ id }, size, range, state) {
      const before = known.get(`${id} ${size}`) ?? []
      const done = before.filter((span) => span.state === 'done')
      const free = state === 'done' ? [range] : done.reduce(without, [range])
      const rest = before.flatMap((span) => free.reduce(without, [span]))
      known.set(`${id} ${size}`, joined([...rest, ...free.map(({ from, to }) => ({ from, to, state }))]))
    },
    between,
    judgement: async (...asked) => ({ known: await between(...asked), suspected: [] }),
  }
}

/** What is left of the spans when another is taken out. */
const without = <S extends TimeRange>(spans: S[], taken: TimeRange): S[] =>
  spans.flatMap((span) =>
    [
      { ...span, to: earlier(span.to, taken.from) },
      { ...span, from: later(span.from, taken.to) },
    ].filter(({ from, to }) => from < to),
  )

/** Oldest first, neighbours of one state as one. */
function joined(spans: readonly CoverageRange[]): CoverageRange[] {
  const whole: CoverageRange[] = []
  const filled = spans.filter(({ from, to }) => from < to)
  for (const span of filled.sort((a, b) => a.from - b.from)) {
    const last = whole.at(-1)
    if (last?.to === span.from && last.state === span.state) whole[whole.length - 1] = reaching(last, span.to)
    else whole.push(span)
  }
  return whole
}

const reaching = (span: CoverageRange, to: EpochMs): CoverageRange => ({ ...span, to })
