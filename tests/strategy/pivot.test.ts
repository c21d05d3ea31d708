import fc from 'fast-check'
import { SwingHigh, SwingLow } from 'trading-signals'
import { describe, expect, test } from 'vitest'
import { DecisionLog } from '../../src/engine/decisionLog.ts'
import { isSwing, type SwingRule } from '../../src/strategy/pivot.ts'
import { PivotBreakout } from '../../src/strategy/pivotBreakout.ts'
import { PRESETS } from '../../src/strategy/presets.ts'
import { candles, someRows } from './candles.ts'

const swingsOf = (values: Float64Array, rule: SwingRule, direction: 1 | -1 = 1): number[] =>
  [...values.keys()].filter((m) => m + rule.right < values.length && isSwing(values, m, direction, rule))

const table: readonly {
  title: string
  values: number[]
  left?: number
  right?: number
  swings: Record<SwingRule['ties'], number[]>
}[] = [
  { title: 'a lone peak', values: [1, 2, 9, 2, 1], swings: { strict: [2], last: [2], any: [2] } },
  {
    title: 'twins next to each other',
    values: [1, 2, 9, 9, 2, 1],
    swings: { strict: [], last: [3], any: [2, 3] },
  },
  {
    title: 'twins with a dip between them',
    values: [1, 9, 2, 9, 1, 1],
    swings: { strict: [], last: [3], any: [3] },
  },
  { title: 'a plateau', values: [1, 1, 9, 9, 9, 1, 1], swings: { strict: [], last: [4], any: [2, 3, 4] } },
  { title: 'a flat line', values: [5, 5, 5, 5, 5], swings: { strict: [], last: [], any: [2] } },
  { title: 'a rise', values: [1, 2, 3, 4, 5], swings: { strict: [], last: [], any: [] } },
  {
    title: 'a peak that an older one beyond the left side tops',
    values: [9, 1, 8, 1, 1],
    left: 1,
    swings: { strict: [2], last: [2], any: [2] },
  },
  {
    title: 'a peak with one candle after it',
    values: [1, 2, 9, 2, 10],
    right: 1,
    swings: { strict: [2], last: [2], any: [2] },
  },
  {
    title: 'a peak with too few candles before it',
    values: [1, 9, 2, 1, 1],
    swings: { strict: [], last: [], any: [] },
  },
  {
    title: 'a peak with too few candles after it',
    values: [1, 1, 2, 9, 1],
    swings: { strict: [], last: [], any: [] },
  },
]

for (const { title, values, left = 2, right = 2, swings } of table) {
  for (const ties of ['strict', 'last', 'any'] as const) {
    test(`${title} among ${values}, ${ties}: swings at [${swings[ties]}], and so do its mirrored lows`, () => {
      expect(swingsOf(Float64Array.from(values), { left, right, ties })).toEqual(swings[ties])
      expect(
        swingsOf(
          Float64Array.from(values, (value) => -value),
          { left, right, ties },
          -1,
        ),
      ).toEqual(swings[ties])
    })
  }
}

test('a swing becomes known at the close of the right-th candle after it, and stays until the next one', () => {
  const bars = candles([1, 2, 9, 2, 1, 3, 1, 1])
  const strategy = new PivotBreakout({ ...PRESETS.default.strategy, left: 2, right: 2 })
  const outlook = new DecisionLog(bars.length)
  for (let i = 0; i < bars.length; i++) strategy.observe(bars, outlook, i, i + 1)
  expect([...outlook.swingHigh]).toEqual([-1, -1, -1, -1, 2, 2, 2, 5])
})

test('a candle may be both a swing high and a swing low', () => {
  const { high, low } = candles([10, 10, [10, 12, 8, 10], 10, 10])
  const rule = { left: 2, right: 2, ties: 'strict' } as const
  expect([isSwing(high, 2, 1, rule), isSwing(low, 2, -1, rule)]).toEqual([true, true])
})

test.each([0, -1, 1.5, Number.NaN])('a swing that beats %s candles is refused', (side) => {
  expect(() => new PivotBreakout({ ...PRESETS.default.strategy, left: side })).toThrow(RangeError)
  expect(() => new PivotBreakout({ ...PRESETS.default.strategy, right: side })).toThrow(RangeError)
})

const rules = fc.record({
  left: fc.integer({ min: 1, max: 4 }),
  right: fc.integer({ min: 1, max: 4 }),
  ties: fc.constantFrom('strict' as const, 'last' as const, 'any' as const),
})

describe('over any candles', () => {
  test('a swing is what the definition says, word by word', () => {
    fc.assert(
      fc.property(someRows(40), rules, (rows, rule) => {
        const series = candles(rows)
        const highs = [...series].map(({ high }) => high)
        expect(swingsOf(series.high.subarray(0, rows.length), rule)).toEqual(definedSwings(highs, rule))
      }),
    )
  })

  test('strict swings are swings under `last`, and those under `any`', () => {
    fc.assert(
      fc.property(someRows(40), rules, (rows, { left, right }) => {
        const highs = candles(rows).high.subarray(0, rows.length)
        const [strict, last, any] = (['strict', 'last', 'any'] as const).map((ties) =>
          swingsOf(highs, { left, right, ties }),
        )
        expect(last).toEqual(expect.arrayContaining(strict!))
        expect(any).toEqual(expect.arrayContaining(last!))
      }),
    )
  })

  test('mirroring the prices swaps highs and lows', () => {
    fc.assert(
      fc.property(someRows(40), rules, (rows, rule) => {
        const { high, length } = candles(rows)
        const mirrored = high.subarray(0, length).map((value) => 200 - value)
        expect(swingsOf(mirrored, rule, -1)).toEqual(swingsOf(high.subarray(0, length), rule))
      }),
    )
  })

  test('strict swings with equal sides are those of an independent library', () => {
    fc.assert(
      fc.property(someRows(40), fc.integer({ min: 1, max: 4 }), (rows, side) => {
        const series = candles(rows)
        const rule = { left: side, right: side, ties: 'strict' } as const
        const theirs = (indicator: SwingHigh | SwingLow) =>
          [...series].flatMap((bar, i) => (indicator.update(bar, false) === null ? [] : [i - side]))
        expect(swingsOf(series.high.subarray(0, rows.length), rule)).toEqual(
          theirs(new SwingHigh({ lookback: side })),
        )
        expect(swingsOf(series.low.subarray(0, rows.length), rule, -1)).toEqual(
          theirs(new SwingLow({ lookback: side })),
        )
      }),
    )
  })
})

/** P1 with slices in the place of loops. */
function definedSwings(values: readonly number[], { left, right, ties }: SwingRule): number[] {
  return [...values.keys()].filter((m) => {
    if (m < left || m + right >= values.length) return false
    const [older, newer] = [
      Math.max(...values.slice(m - left, m)),
      Math.max(...values.slice(m + 1, m + 1 + right)),
    ]
    if (ties === 'strict') return values[m]! > older && values[m]! > newer
    return values[m]! >= older && (ties === 'last' ? values[m]! > newer : values[m]! >= newer)
  })
}
