import { describe, expect, test } from 'vitest'
import { Engine, type Rules } from '../../src/engine/engine.ts'
import type { EngineEvent } from '../../src/engine/event.ts'
import type { Fill } from '../../src/execution/fill.ts'
import type { BarSeries } from '../../src/market/series.ts'
import { isoInstant, MINUTE_MS } from '../../src/market/time.ts'
import type { PivotBreakoutParameters } from '../../src/strategy/parameters.ts'
import { PivotBreakout } from '../../src/strategy/pivotBreakout.ts'
import { PRESETS } from '../../src/strategy/presets.ts'
import { candles, type Row, startOf } from '../strategy/candles.ts'

const GRID = { size: '5m', session: 'rth', align: 'session' } as const
const RULES: Rules = {
  grid: GRID,
  sizing: { kind: 'shares', shares: 100 },
  protectiveStopPct: null,
  minTick: 0.01,
  entryWindow: null,
}

const SMALL: PivotBreakoutParameters = { ...PRESETS.default.strategy, left: 1, right: 1, length: 2 }

/** Swing low 8, swing high 12, and at the last close an entry. */
const BREAKOUT: readonly Row[] = [10, [10, 10, 8, 10], 10, [10, 12, 10, 10], 10, 13]

interface Desk {
  readonly engine: Engine
  readonly bars: BarSeries
  readonly events: EngineEvent[]
}

function desk(rows: readonly Row[], rules: Partial<Rules> = {}): Desk {
  const events: EngineEvent[] = []
  const tell = (event: EngineEvent) => events.push(event)
  return {
    engine: new Engine(new PivotBreakout(SMALL), { ...RULES, ...rules }, { tell }),
    bars: candles(rows),
    events,
  }
}

/** The commands at the closes `from` <= i < `to`. */
const close = ({ engine, bars }: Desk, from: number, to: number, equity = 10_000) =>
  Array.from({ length: to - from }, (_, k) => engine.close(bars, from + k, { equityAt: () => equity }))

const fill = (side: 'buy' | 'sell', quantity: number, price: number): Fill => ({
  time: startOf(6),
  side,
  quantity,
  price,
  commission: 0,
  slippage: 0,
})

describe('an order', () => {
  test('is commanded once, by the close that decides, with its reason', () => {
    const open = desk([...BREAKOUT, 13, 13])
    expect(close(open, 0, 6)).toMatchObject([
      null,
      null,
      null,
      null,
      null,
      {
        kind: 'trade',
        order: {
          side: 'buy',
          quantity: 100,
          candleTime: startOf(5),
          reason:
            'close 13.00 is above the breakout 12.00 and above the moving average 11.50, swing low 8.00 is below the close 13.00',
        },
      },
    ])
  })

  test('changes no position: only its fill does', () => {
    const open = desk(BREAKOUT)
    close(open, 0, 6)
    expect(open.engine.position.quantity).toBe(0)
    open.engine.fill(fill('buy', 100, 13))
    expect(open.engine.position.quantity).toBe(100)
    expect(open.engine.pending).toBeNull()
  })

  test('that is filled late is not given twice, and the stop rises while it is on its way', () => {
    const open = desk([...BREAKOUT, [13, 13, 9, 13], 13, 13, 8.5])
    expect(close(open, 0, 9).filter((command) => command !== null)).toHaveLength(1)
    open.engine.fill(fill('buy', 100, 13))
    expect(close(open, 9, 10)).toMatchObject([{ kind: 'trade', order: { side: 'sell', quantity: 100 } }])
    expect(open.engine.decisionAt(open.bars, 9)).toMatchObject({ stop: 9, action: 'exit' })
  })

  test('to leave before the entry is filled waits until it is, and the record says so', () => {
    const open = desk([...BREAKOUT, 7])
    expect(close(open, 0, 7).at(-1)).toBeNull()
    expect(open.engine.decisionAt(open.bars, 6)).toMatchObject({
      action: 'none',
      reason: 'close 7.00 is below the stop 8.00, but an order is still on its way',
      conditions: [
        { name: 'close < stop', holds: true },
        { name: 'no order on its way', holds: false },
      ],
    })
  })

  test('in parts is on its way until the last one', () => {
    const open = desk(BREAKOUT)
    close(open, 0, 6)
    open.engine.fill(fill('buy', 30, 13))
    expect(open.engine.pending).not.toBeNull()
    open.engine.fill(fill('buy', 70, 13.1))
    expect(open.engine.pending).toBeNull()
  })

  test('that the broker drops may be followed by another', () => {
    const open = desk([...BREAKOUT, 14])
    close(open, 0, 6)
    open.engine.drop()
    expect(close(open, 6, 7)).toMatchObject([{ order: { side: 'buy', candleTime: startOf(6) } }])
  })

  test('for not one whole share is not given, and the record says why', () => {
    const open = desk(BREAKOUT, { sizing: { kind: 'fraction', fraction: 1 } })
    expect(close(open, 0, 6, 12.99).at(-1)).toBeNull()
    expect(open.engine.decisionAt(open.bars, 5)).toMatchObject({
      action: 'none',
      stop: null,
      reason: expect.stringMatching(/, but the equity buys no whole share$/),
      conditions: expect.arrayContaining([{ name: 'shares >= 1', left: null, right: null, holds: false }]),
    })
  })
})

test('candles of a warm-up are taken in, and nothing is decided on them', () => {
  const open = desk([...BREAKOUT, 14])
  for (let i = 0; i < 6; i++) open.engine.warmUp(open.bars, i)
  expect(open.engine.pending).toBeNull()
  expect(open.engine.decisionAt(open.bars, 5)).toMatchObject({
    action: 'none',
    breakout: { price: 12 },
    stop: null,
  })
  expect(close(open, 6, 7)).toMatchObject([{ order: { side: 'buy', candleTime: startOf(6) } }])
})

describe('a protective stop', () => {
  const guarded = () => {
    const open = desk([...BREAKOUT, 13, 7], { protectiveStopPct: 3 })
    close(open, 0, 6)
    return open
  }

  test('rests below the price that was paid, on the tick, for what is held', () => {
    expect(guarded().engine.fill(fill('buy', 100, 13.11))).toEqual({
      kind: 'protect',
      order: { quantity: 100, stop: 12.72, reason: 'protective stop 12.72' },
    })
  })

  test('follows the parts of a fill', () => {
    const { engine } = guarded()
    expect(engine.fill(fill('buy', 40, 10))).toMatchObject({ order: { quantity: 40, stop: 9.7 } })
    expect(engine.fill(fill('buy', 60, 20))).toMatchObject({ order: { quantity: 100, stop: 15.52 } })
    expect(engine.fill(fill('sell', 30, 20))).toMatchObject({ order: { quantity: 70, stop: 15.52 } })
    expect(engine.fill(fill('sell', 70, 20))).toEqual({ kind: 'unprotect' })
  })

  test('that has sold leaves an order to sell without an object', () => {
    const open = guarded()
    open.engine.fill(fill('buy', 100, 13))
    expect(close(open, 6, 8).at(-1)).toMatchObject({ order: { side: 'sell' } })
    open.engine.fill(fill('sell', 100, 12.61))
    expect([open.engine.pending, open.engine.position.quantity]).toEqual([null, 0])
  })
})

describe('the hour of an entry', () => {
  const entryWindow = { afterOpenMs: MINUTE_MS, beforeCloseMs: 5 * MINUTE_MS }
  /** The breakout happens at the close of candle `k` of a session of 78. */
  const entering = (k: number) => desk([...Array(k - 5).fill(10), ...BREAKOUT], { entryWindow })

  test.each([
    { title: 'ten minutes before the close', k: 75, isMade: true },
    { title: 'five minutes before the close', k: 76, isMade: false },
    { title: 'at the last close, which is carried to the next open', k: 77, isMade: false },
    { title: 'five minutes after the open', k: 78, isMade: true },
  ])('an entry $title is made: $isMade', ({ k, isMade }) => {
    const open = entering(k)
    expect(close(open, 0, k + 1).at(-1) !== null).toBe(isMade)
    const { reason } = open.engine.decisionAt(open.bars, k)
    expect(reason.endsWith('nothing is bought at this hour of the session')).toBe(!isMade)
  })

  test('is not looked at for an exit, nor without limits', () => {
    const open = desk([...Array(71).fill(10), ...BREAKOUT], {})
    expect(close(open, 0, 77).at(-1)).not.toBeNull()
    const leaving = desk([...Array(70).fill(10), ...BREAKOUT, 7], { entryWindow })
    close(leaving, 0, 76)
    leaving.engine.fill(fill('buy', 100, 13))
    expect(close(leaving, 76, 77)).toMatchObject([{ order: { side: 'sell' } }])
  })
})

test('what comes about is told: opened, the stop moved, closed', () => {
  const open = desk([...BREAKOUT, [13, 13, 9, 13], 13, 8])
  close(open, 0, 6)
  open.engine.fill(fill('buy', 60, 13))
  open.engine.fill(fill('buy', 40, 13))
  close(open, 6, 9)
  open.engine.fill(fill('sell', 100, 8))
  expect(open.events).toEqual([
    { kind: 'opened', fill: fill('buy', 60, 13) },
    { kind: 'stopMoved', time: startOf(7), from: 8, to: 9 },
    { kind: 'closed', fill: fill('sell', 100, 8) },
  ])
})

test('of candles that are decided at once the same is told, each stop at its candle', () => {
  const rows: Row[] = [...BREAKOUT, [13, 13, 9, 13], 13, [13, 13, 10, 13], 13, 8, 8]
  const tellings = [true, false].map((isAtOnce) => {
    const open = desk(rows)
    close(open, 0, 6)
    open.engine.fill(fill('buy', 100, 13))
    const account = { equityAt: () => 10_000 }
    const command = isAtOnce
      ? open.engine.closeUntilCommand(open.bars, 6, 12, account)
      : close(open, 6, 11).at(-1)
    expect(command).toMatchObject({ kind: 'trade', order: { side: 'sell', candleTime: startOf(10) } })
    expect(open.engine.decisions.length).toBe(11)
    return open.events.slice(1)
  })
  expect(tellings[0]).toEqual(tellings[1])
  expect(tellings[0]).toEqual([
    { kind: 'stopMoved', time: startOf(7), from: 8, to: 9 },
    { kind: 'stopMoved', time: startOf(9), from: 9, to: 10 },
  ])
})

test('a stop that is not known yet does not move', () => {
  const events: EngineEvent[] = []
  const strategy = new PivotBreakout({ ...SMALL, guard: false })
  const engine = new Engine(strategy, RULES, { tell: (event) => events.push(event) })
  const bars = candles([10, 10, [10, 12, 10, 10], 10, 13, 13, 13])
  close({ engine, bars, events }, 0, 5)
  engine.fill(fill('buy', 100, 13))
  close({ engine, bars, events }, 5, 7)
  expect(events.map(({ kind }) => kind)).toEqual(['opened'])
})

test('a decision is recorded with its levels, their times, and every condition', () => {
  const open = desk(BREAKOUT)
  close(open, 0, 6)
  const { breakout, swingLow, ...decision } = open.engine.decisionAt(open.bars, 5)
  const times = [breakout, swingLow].map((level) => [level!.pivotTime, level!.confirmedAt].map(isoInstant))
  expect(times).toEqual([
    ['2013-10-07T13:45:00Z', '2013-10-07T13:55:00Z'],
    ['2013-10-07T13:35:00Z', '2013-10-07T13:45:00Z'],
  ])
  expect(decision).toMatchObject({
    position: 'flat',
    action: 'enter',
    close: 13,
    movingAverage: 11.5,
    stop: 8,
    conditions: [
      { name: 'close > breakout', left: 13, right: 12, holds: true },
      { name: 'close > moving average', left: 13, right: 11.5, holds: true },
      { name: 'swing low < close', left: 8, right: 13, holds: true },
    ],
  })
  expect(open.engine.decisionAt(open.bars, 0)).toMatchObject({
    breakout: null,
    movingAverage: null,
    stop: null,
    action: 'none',
    reason: 'no breakout is known yet, no moving average is known yet, no swing low is known yet',
  })
})
