import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { CoverageState } from '../../src/market/coverage.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { HOUR_MS, plus, type TimeRange } from '../../src/market/time.ts'
import type { CoverageStore } from '../../src/ports/coverage.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { EVENING, spy } from '../support/bars.ts'

type Subject = Pick<Stores, 'coverage' | 'instruments'>

const STATES: readonly CoverageState[] = ['done', 'empty', 'partial', 'failed']
const HOURS = 96

const hours = (from: number, to: number): TimeRange => ({
  from: plus(EVENING, from * HOUR_MS),
  to: plus(EVENING, to * HOUR_MS),
})

interface Mark {
  readonly span: readonly [number, number]
  readonly state: CoverageState
}

const someMarks: fc.Arbitrary<Mark[]> = fc.array(
  fc.record({
    span: fc
      .tuple(fc.nat(HOURS - 1), fc.integer({ min: 1, max: 40 }))
      .map(([from, length]) => [from, Math.min(HOURS, from + length)] as const),
    state: fc.constantFrom(...STATES),
  }),
  { maxLength: 12 },
)

/** The same rule, hour by hour. */
function bitmapOf(marks: readonly Mark[]): (CoverageState | null)[] {
  const states = Array<CoverageState | null>(HOURS).fill(null)
  for (const { span, state } of marks) {
    for (let hour = span[0]; hour < span[1]; hour++) if (states[hour] !== 'done') states[hour] = state
  }
  return states
}

/** What any coverage store does. `open` gives an empty one. */
export function coverageStoreContract(open: () => Promise<Subject>): void {
  let coverage: CoverageStore
  let fresh: () => Promise<Instrument>

  beforeAll(async () => {
    const stores = await open()
    let count = 0
    coverage = stores.coverage
    fresh = () => stores.instruments.save({ ...spy, symbol: `SYM${++count}` })
  })

  test('time that was never asked for is in no range', async () => {
    expect(await coverage.between(await fresh(), '1s', hours(0, HOURS))).toEqual([])
  })

  test('ranges of one state that touch are one, over midnight too', async () => {
    const spy = await fresh()
    await coverage.mark(spy, '1s', hours(0, 10), 'done')
    await coverage.mark(spy, '1s', hours(10, 60), 'done')
    expect(await coverage.between(spy, '1s', hours(-5, HOURS))).toEqual([{ ...hours(0, 60), state: 'done' }])
  })

  test('an answer is cut to the range asked for', async () => {
    const spy = await fresh()
    await coverage.mark(spy, '1s', hours(0, 50), 'empty')
    const known = [{ ...hours(10, 20), state: 'empty' }]
    expect(await coverage.between(spy, '1s', hours(10, 20))).toEqual(known)
    expect(await coverage.judgement(spy, '1s', hours(10, 20))).toEqual({ known, suspected: [] })
  })

  test('sizes and instruments are covered each for itself', async () => {
    const [spy, ibm] = [await fresh(), await fresh()]
    await coverage.mark(spy, '1s', hours(0, 1), 'done')
    expect(await coverage.between(spy, '1m', hours(0, 1))).toEqual([])
    expect(await coverage.between(ibm, '1s', hours(0, 1))).toEqual([])
  })

  test('an empty range marks nothing', async () => {
    const spy = await fresh()
    await coverage.mark(spy, '1s', hours(3, 3), 'done')
    expect(await coverage.between(spy, '1s', hours(0, HOURS))).toEqual([])
  })

  test('partial time is done once it is answered in full, and never partial again', async () => {
    const spy = await fresh()
    await coverage.mark(spy, '1s', hours(0, 10), 'done')
    await coverage.mark(spy, '1s', hours(8, 12), 'partial')
    expect(await coverage.between(spy, '1s', hours(0, HOURS))).toEqual([
      { ...hours(0, 10), state: 'done' },
      { ...hours(10, 12), state: 'partial' },
    ])
    await coverage.mark(spy, '1s', hours(11, 14), 'done')
    await coverage.mark(spy, '1s', hours(0, 14), 'partial')
    expect(await coverage.between(spy, '1s', hours(9, HOURS))).toEqual([
      { ...hours(9, 10), state: 'done' },
      { ...hours(10, 11), state: 'partial' },
      { ...hours(11, 14), state: 'done' },
    ])
  })

  test('marks agree with a bitmap: the last mark holds, but nothing overwrites done', async () => {
    await fc.assert(
      fc.asyncProperty(someMarks, async (marks) => {
        const spy = await fresh()
        for (const { span, state } of marks) await coverage.mark(spy, '1s', hours(...span), state)
        const known = await coverage.between(spy, '1s', hours(0, HOURS))
        const states = Array.from({ length: HOURS }, (_, hour) => {
          const { from, to } = hours(hour, hour + 1)
          return known.find((range) => range.from <= from && to <= range.to)?.state ?? null
        })
        expect(states).toEqual(bitmapOf(marks))
        expect(known).toEqual(known.toSorted((a, b) => a.from - b.from))
      }),
      { numRuns: 15 },
    )
  })

  test('marks of one day made at once are all kept', async () => {
    const spy = await fresh()
    const marks = Array.from({ length: 24 }, (_, i) => coverage.mark(spy, '1s', hours(i, i + 1), 'done'))
    await Promise.all(marks)
    expect(await coverage.between(spy, '1s', hours(0, HOURS))).toEqual([{ ...hours(0, 24), state: 'done' }])
  })
}
