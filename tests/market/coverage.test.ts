import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  answeredSpans,
  type CoverageRange,
  type CoverageState,
  coveredMs,
  gapsOf,
  partialWithin,
  unasked,
  wasAnswered,
} from '../../src/market/coverage.ts'
import { epochMs, type TimeRange } from '../../src/market/time.ts'

const span = (from: number, to: number): TimeRange => ({ from: epochMs(from), to: epochMs(to) })
const known = (...spans: [number, number, CoverageState][]): CoverageRange[] =>
  spans.map(([from, to, state]) => ({ ...span(from, to), state }))

const LEDGER = known(
  [0, 10, 'done'],
  [10, 20, 'empty'],
  [25, 30, 'failed'],
  [30, 35, 'partial'],
  [35, 40, 'done'],
)

test('gaps are told with their state, what is done is not', () => {
  expect(gapsOf(span(5, 50), LEDGER)).toEqual([
    { from: 10, to: 20, state: 'empty' },
    { from: 20, to: 25, state: 'missing' },
    { from: 25, to: 30, state: 'failed' },
    { from: 30, to: 35, state: 'partial' },
    { from: 40, to: 50, state: 'missing' },
  ])
})

test('what is done or empty is covered, the rest is to be asked, neighbours as one', () => {
  expect(unasked(span(5, 50), LEDGER)).toEqual([span(20, 35), span(40, 50)])
  expect(coveredMs(span(5, 50), LEDGER)).toBe(5 + 10 + 5)
})

test('neighbouring gaps of one state are one gap', () => {
  expect(gapsOf(span(0, 30), known([0, 10, 'failed'], [10, 20, 'failed']))).toEqual([
    { from: 0, to: 20, state: 'failed' },
    { from: 20, to: 30, state: 'missing' },
  ])
})

test('a range that nothing is known of is missing, an empty range has no gap', () => {
  expect(gapsOf(span(3, 9), [])).toEqual([{ from: 3, to: 9, state: 'missing' }])
  expect(gapsOf(span(9, 9), LEDGER)).toEqual([])
  expect(coveredMs(span(9, 9), LEDGER)).toBe(0)
})

test('an answer is done but for its bad rows, neighbours as one; a row without a time spoils all of it', () => {
  const bad = (...times: (number | null)[]) => times.map((at) => (at === null ? null : epochMs(at)))
  expect(answeredSpans(span(0, 10), bad(), 1)).toEqual(known([0, 10, 'done']))
  expect(answeredSpans(span(0, 10), bad(7, 3, 4, 3), 1)).toEqual(
    known([0, 3, 'done'], [3, 5, 'partial'], [5, 7, 'done'], [7, 8, 'partial'], [8, 10, 'done']),
  )
  expect(answeredSpans(span(0, 10), bad(0, 9), 1)).toEqual(
    known([0, 1, 'partial'], [1, 9, 'done'], [9, 10, 'partial']),
  )
  expect(answeredSpans(span(0, 10), bad(3, null), 1)).toEqual(known([0, 10, 'partial']))
})

test('partial time is found within ranges, and counts as answered before', () => {
  expect(partialWithin(LEDGER, [span(0, 32), span(34, 99)])).toEqual([span(30, 32), span(34, 35)])
  expect(wasAnswered([span(30, 35), span(33, 40)], LEDGER)).toBe(true)
  expect(wasAnswered([span(29, 31)], LEDGER)).toBe(false)
  expect(wasAnswered([span(39, 41)], LEDGER)).toBe(false)
})

const STATES: readonly (CoverageState | null)[] = ['done', 'empty', 'partial', 'failed', null]

/** Spans of known and unknown time one after the other, as the store answers them. */
const someLedger = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(...STATES)), { maxLength: 20 })
  .map((lengths) => {
    let at = 0
    return lengths.flatMap(([length, state]) => {
      at += length
      return state ? known([at - length, at, state]) : []
    })
  })
const someRange = fc.tuple(fc.nat(120), fc.nat(120)).map(([a, b]) => span(Math.min(a, b), Math.max(a, b)))

test('the interval algebra agrees with a table of every millisecond', () => {
  fc.assert(
    fc.property(someRange, someLedger, (range, ledger) => {
      const table = tableOf(range, ledger)
      expect(spread(gapsOf(range, ledger))).toEqual(table.filter(([, state]) => state !== 'done'))
      const wanted = table.filter(([, state]) => state !== 'done' && state !== 'empty')
      expect(spread(unasked(range, ledger)).map(([at]) => at)).toEqual(wanted.map(([at]) => at))
      expect(coveredMs(range, ledger)).toBe(table.length - wanted.length)
    }),
  )
})

test('gaps are apart, in order, and no two neighbours have one state', () => {
  fc.assert(
    fc.property(someRange, someLedger, (range, ledger) => {
      for (const [i, gap] of gapsOf(range, ledger).entries()) {
        const before = gapsOf(range, ledger)[i - 1]
        expect(gap.from < gap.to && (!before || before.to <= gap.from)).toBe(true)
        expect(before?.to === gap.from && before.state === gap.state).toBe(false)
      }
    }),
  )
})

function tableOf(range: TimeRange, ledger: readonly CoverageRange[]): [number, string][] {
  const stateAt = (at: number) => ledger.find(({ from, to }) => from <= at && at < to)?.state ?? 'missing'
  return spread([range]).map(([at]) => [at, stateAt(at)])
}

const spread = (spans: readonly (TimeRange & { state?: string })[]): [number, string][] =>
  spans.flatMap(({ from, to, state = '' }) =>
    Array.from({ length: to - from }, (_, i): [number, string] => [from + i, state]),
  )
