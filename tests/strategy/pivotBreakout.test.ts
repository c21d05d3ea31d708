import { describe, expect, test } from 'vitest'
import { DecisionLog } from '../../src/engine/decisionLog.ts'
import type { Action } from '../../src/strategy/decision.ts'
import type { PivotBreakoutParameters } from '../../src/strategy/parameters.ts'
import { candlesNeeded, PivotBreakout, warmUpCandles } from '../../src/strategy/pivotBreakout.ts'
import { PRESETS } from '../../src/strategy/presets.ts'
import { candles, type Row } from './candles.ts'

type Parameters = Partial<PivotBreakoutParameters>

/** One candle on each side makes a swing, and an average of one candle is its close: it hinders nothing below itself. */
const SMALL: Parameters = { left: 1, right: 1, length: 2 }

const parametersOf = (parameters: Parameters): PivotBreakoutParameters => ({
  ...PRESETS.default.strategy,
  ...SMALL,
  ...parameters,
})

interface Step {
  readonly action: Action
  readonly stop: number
}

/** The decisions at each close, filled at once. */
function decisions(rows: readonly Row[], parameters: Parameters = {}): Step[] {
  const [strategy, bars] = [new PivotBreakout(parametersOf(parameters)), candles(rows)]
  const outlook = new DecisionLog(rows.length)
  let isLong = false
  return rows.map((_, i) => {
    strategy.observe(bars, outlook, i, i + 1)
    const isQuiet = strategy.decide(bars, outlook, i, i + 1, isLong) > i
    const action = isQuiet ? 'none' : isLong ? 'exit' : 'enter'
    if (!isQuiet) isLong = !isLong
    return { action, stop: strategy.stop }
  })
}

const lastAction = (rows: readonly Row[], parameters: Parameters = {}): Action =>
  decisions(rows, parameters).at(-1)!.action

/** A swing low of 8 and a swing high of 12, both confirmed at the close of the fifth candle, which is flat at 10. */
const SWINGS: readonly Row[] = [10, [10, 10, 8, 10], 10, [10, 12, 10, 10], 10]

describe('an entry (P5)', () => {
  const table: readonly { title: string; close: number; parameters?: Parameters; action: Action }[] = [
    { title: 'a close above the breakout and the average enters', close: 12.01, action: 'enter' },
    { title: 'a close at the breakout does not', close: 12, action: 'none' },
    { title: 'a close below the breakout does not', close: 11.99, action: 'none' },
    {
      title: 'without enough candles for the average nothing is entered',
      close: 13,
      parameters: { length: 7 },
      action: 'none',
    },
    { title: 'with just enough it is', close: 13, parameters: { length: 6 }, action: 'enter' },
  ]
  test.each(table)('$title', ({ close, parameters, action }) => {
    expect(lastAction([...SWINGS, close], parameters)).toBe(action)
  })

  test.each([
    { title: 'a close at the average', close: 12.5, action: 'none' },
    { title: 'a close a cent above it', close: 12.51, action: 'enter' },
  ])('$title: $action', ({ close, action }) => {
    // 20, 10, 10, 10 and 12.5 average to 12.5.
    const rows: Row[] = [20, 10, [10, 12, 10, 10], 10, close]
    expect(lastAction(rows, { length: 5, guard: false })).toBe(action)
  })

  const noLow: readonly Row[] = [10, 10, [10, 12, 10, 10], 10]
  test.each([
    { title: 'with guard a swing low must be known', rows: [...noLow, 13], guard: true, action: 'none' },
    { title: 'without guard it need not', rows: [...noLow, 13], guard: false, action: 'enter' },
  ] as const)('$title', ({ rows, guard, action }) => {
    expect(lastAction(rows, { guard })).toBe(action)
  })

  test.each([
    { title: 'a swing low at the close is not below it', close: 14, guard: true, action: 'none' },
    { title: 'a swing low a cent below the close is', close: 14.01, guard: true, action: 'enter' },
    {
      title: 'without guard a swing low at the close does not matter',
      close: 14,
      guard: false,
      action: 'enter',
    },
  ] as const)('$title', ({ close, guard, action }) => {
    // Swing high 12, a gap, swing low 14; until the last close there is no average.
    const rows: Row[] = [10, [10, 12, 10, 10], 10, 15, [15, 15, 14, 15], 15, close]
    expect(lastAction(rows, { guard, length: 7 })).toBe(action)
  })

  test.each([
    { title: 'the previous close at the level is not above it', previous: 12, action: 'enter' },
    { title: 'the previous close above the level has crossed it before', previous: 12.01, action: 'none' },
  ])('cross: $title', ({ previous, action }) => {
    const rows: Row[] = [...SWINGS, [10, previous, 10, previous]]
    // There is no average yet at the previous close.
    expect(lastAction([...rows, [13, 13, 13, 13]], { trigger: 'cross', length: 7 })).toBe(action)
    expect(lastAction([...rows, [13, 13, 13, 13]], { trigger: 'level', length: 7 })).toBe('enter')
  })
})

describe('an exit (P6)', () => {
  const entered: readonly Row[] = [...SWINGS, [12, 13, 12, 13]]
  test.each([
    { title: 'a close below the stop exits', close: 7.99, action: 'exit' },
    { title: 'a close at the stop does not', close: 8, action: 'none' },
  ])('$title', ({ close, action }) => {
    expect(lastAction([...entered, close])).toBe(action)
  })

  /** After the entry the swing lows 9 and then 8.5 are confirmed. */
  const lows: readonly Row[] = [...entered, [13, 13, 9, 13], 13, [13, 13, 8.5, 13], 13]
  test('a ratchet rises with a higher swing low and stays with a lower one', () => {
    expect(
      decisions(lows)
        .slice(5)
        .map(({ stop }) => stop),
    ).toEqual([8, 8, 9, 9, 9])
    expect(lastAction([...lows, 8.7])).toBe('exit')
  })

  test('the latest stop falls with a lower swing low', () => {
    expect(
      decisions(lows, { stop: 'latest' })
        .slice(5)
        .map(({ stop }) => stop),
    ).toEqual([8, 8, 9, 9, 8.5])
    expect(lastAction([...lows, 8.7], { stop: 'latest' })).toBe('none')
  })

  test('without guard and swing low there is no stop until the first one', () => {
    const rows: readonly Row[] = [10, 10, [10, 12, 10, 10], 10, 13, 1, [1, 1, 0.5, 1], 1]
    const steps = decisions(rows, { guard: false })
    expect(steps.map(({ action }) => action)).toEqual([
      'none',
      'none',
      'none',
      'none',
      'enter',
      'none',
      'none',
      'none',
    ])
    expect(steps.map(({ stop }) => stop).slice(4)).toEqual([Number.NaN, Number.NaN, Number.NaN, 0.5])
  })

  test('a new position starts from the swing low of its own entry, not from the old stop', () => {
    const rows: readonly Row[] = [...lows, 8.7, [8.7, 8.7, 6, 8.7], [8.7, 20, 8.7, 20]]
    expect(decisions(rows).slice(-2)).toEqual([
      { action: 'none', stop: expect.any(Number) },
      { action: 'enter', stop: 6 },
    ])
  })
})

test('presets are those of the definition', () => {
  expect(PRESETS.default).toEqual({
    strategy: {
      name: 'pivot-breakout',
      left: 3,
      right: 3,
      ties: 'strict',
      ma: 'sma',
      length: 50,
      trigger: 'level',
      stop: 'ratchet',
      guard: true,
      protectiveStopPct: null,
    },
    fill: 'open',
  })
  expect(PRESETS.seed).toEqual({
    strategy: { ...PRESETS.default.strategy, ties: 'any', stop: 'latest', guard: false },
    fill: 'close',
  })
})

test('nothing is decided before a swing and an average are possible', () => {
  expect(candlesNeeded(parametersOf({ left: 3, right: 4, length: 5 }))).toBe(8)
  expect(candlesNeeded(parametersOf({ length: 50 }))).toBe(50)
})

test.each([
  { title: 'two sessions', parameters: { length: 50 }, candles: 156 },
  { title: 'an EMA forgets its seed', parameters: { ma: 'ema', length: 50 }, candles: 396 },
  { title: 'long sides', parameters: { left: 100, right: 100 }, candles: 201 },
  { title: 'an SMA longer than two sessions', parameters: { length: 200 }, candles: 200 },
] as const)('the warm-up lasts long enough: $title', ({ parameters, candles: expected }) => {
  expect(warmUpCandles(parametersOf(parameters), 156)).toBe(expected)
})
