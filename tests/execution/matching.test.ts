import { describe, expect, test } from 'vitest'
import type { Fill } from '../../src/execution/fill.ts'
import { Matching } from '../../src/execution/matching.ts'
import type { ExecutionParameters } from '../../src/execution/parameters.ts'
import { BarSeries } from '../../src/market/series.ts'
import { isoInstant, parseInstant } from '../../src/market/time.ts'
import { candles, type Row, startOf } from '../strategy/candles.ts'

const GRID = { size: '5m', session: 'rth', align: 'session' } as const
const FREE: ExecutionParameters = {
  fill: 'open',
  latencyMs: 0,
  slippageTicks: 0,
  slippageBps: 0,
  commission: 'none',
}

const order = (side: 'buy' | 'sell', candle: number) =>
  ({ side, quantity: 100, candleTime: startOf(candle), reason: `to ${side}` }) as const

/** Seconds by their times; each has one price, or open, high, low and close. */
function secondsOf(rows: Readonly<Record<string, Row>>): BarSeries {
  return BarSeries.of(
    Object.entries(rows).map(([time, row]) => {
      const [open, high, low, close] = typeof row === 'number' ? [row, row, row, row] : row
      return { time: parseInstant(time), open, high, low, close, volume: 1, vwap: null, tradeCount: null }
    }),
  )
}

interface Setting {
  readonly rows?: readonly Row[]
  readonly seconds?: BarSeries | null
  readonly rules?: Partial<ExecutionParameters>
}

const matchingOf = ({ rows = [10, 11, 12], seconds = null, rules = {} }: Setting): Matching =>
  new Matching({ candles: candles(rows), seconds, minTick: 0.01 }, GRID, { ...FREE, ...rules })

const told = (fill: Fill | undefined) => fill && { time: isoInstant(fill.time), price: fill.price }

describe('a market order (F1)', () => {
  test('fills at the open of the next candle', () => {
    const matching = matchingOf({ rows: [10, [11, 12, 10.5, 11.5]] })
    matching.trade(order('buy', 0))
    expect(matching.atClose(0)).toBeNull()
    expect(matching.within(1)).toEqual({
      fill: { time: startOf(1), side: 'buy', quantity: 100, price: 11, commission: 0, slippage: 0 },
      order: order('buy', 0),
    })
    expect(matching.within(1)).toBeNull()
  })

  test('fills at the deciding close where that is asked for', () => {
    const matching = matchingOf({ rows: [[10, 10, 9, 9.5], 11], rules: { fill: 'close' } })
    matching.trade(order('buy', 0))
    expect(told(matching.atClose(0)?.fill)).toEqual({ time: '2013-10-07T13:30:00Z', price: 9.5 })
    expect(matching.within(1)).toBeNull()
  })

  const seconds = secondsOf({
    '2013-10-07T13:34:59Z': 1,
    '2013-10-07T13:35:00Z': 2,
    '2013-10-07T13:35:02Z': 3,
    '2013-10-07T13:41:00Z': 4,
  })
  test.each([
    { latencyMs: 0, within: 1, time: '2013-10-07T13:35:00Z', price: 2 },
    { latencyMs: 1, within: 1, time: '2013-10-07T13:35:02Z', price: 3 },
    { latencyMs: 2_000, within: 1, time: '2013-10-07T13:35:02Z', price: 3 },
    { latencyMs: 2_001, within: 2, time: '2013-10-07T13:41:00Z', price: 4 },
  ])(
    'fills on the first second $latencyMs ms after the close or later',
    ({ latencyMs, within, time, price }) => {
      const matching = matchingOf({ seconds, rules: { fill: 'second', latencyMs } })
      matching.trade(order('buy', 0))
      for (let i = 1; i < within; i++) expect(matching.within(i)).toBeNull()
      expect(told(matching.within(within)?.fill)).toEqual({ time, price })
    },
  )

  test('decided at the last close it waits for the next open: the auction and the evening are not traded (F6)', () => {
    const seconds = secondsOf({
      '2013-10-07T20:00:00Z': 1,
      '2013-10-07T21:00:00Z': 2,
      '2013-10-08T13:30:03Z': 3,
    })
    const matching = matchingOf({ rows: Array(79).fill(10), seconds, rules: { fill: 'second' } })
    matching.trade(order('buy', 77))
    expect(told(matching.within(78)?.fill)).toEqual({ time: '2013-10-08T13:30:03Z', price: 3 })
  })

  test('with its latency it never fills outside the session', () => {
    const seconds = secondsOf({ '2013-10-07T20:00:01Z': 1, '2013-10-08T13:30:03Z': 3 })
    const matching = matchingOf({
      rows: Array(79).fill(10),
      seconds,
      rules: { fill: 'second', latencyMs: 600_000 },
    })
    matching.trade(order('buy', 76))
    expect(matching.within(77)).toBeNull()
    expect(told(matching.within(78)?.fill)).toEqual({ time: '2013-10-08T13:30:03Z', price: 3 })
  })

  test('cannot fill on seconds where there are none', () => {
    expect(() => matchingOf({ rules: { fill: 'second' } })).toThrow(RangeError)
  })
})

describe('slippage (F3)', () => {
  test.each([
    { side: 'buy', rules: { slippageTicks: 2 }, price: 167.43, slippage: 2 },
    { side: 'sell', rules: { slippageTicks: 2 }, price: 167.39, slippage: 2 },
    { side: 'buy', rules: { slippageBps: 10 }, price: 167.57741, slippage: 16.741 },
    { side: 'sell', rules: { slippageBps: 10 }, price: 167.24259, slippage: 16.741 },
    { side: 'buy', rules: { slippageTicks: 1, slippageBps: 10 }, price: 167.58741, slippage: 17.741 },
    { side: 'sell', rules: { slippageTicks: 20_000 }, price: 0, slippage: 16_741 },
  ] as const)('$rules moves a $side at 167.41 to $price', ({ side, rules, price, slippage }) => {
    const matching = matchingOf({ rows: [167, 167.41], rules })
    matching.trade(order(side, 0))
    const { fill } = matching.within(1)!
    expect(fill.price).toBe(price)
    expect(fill.slippage).toBeCloseTo(slippage, 6)
  })
})

describe('a resting stop (F2)', () => {
  const table: readonly { title: string; candle: Row; price: number | null }[] = [
    { title: 'a candle above the stop leaves it resting', candle: [10, 11, 9.01, 10], price: null },
    { title: 'a low at the stop fills at the stop', candle: [10, 11, 9, 10], price: 9 },
    { title: 'a low through the stop fills at the stop', candle: [10, 11, 8, 10], price: 9 },
    { title: 'a gap below the stop fills at the open', candle: [8.5, 10, 8, 10], price: 8.5 },
  ]
  for (const { title, candle, price } of table) {
    test(title, () => {
      const matching = matchingOf({ rows: [10, candle] })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      const fill = matching.within(1)?.fill
      expect(fill?.price ?? null).toBe(price)
      if (fill) expect([fill.side, fill.time, matching.within(1)]).toEqual(['sell', startOf(1), null])
    })

    test(`${title}, less slippage`, () => {
      const matching = matchingOf({ rows: [10, candle], rules: { slippageTicks: 5 } })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      expect(matching.within(1)?.fill.price ?? null).toBe(price && price - 0.05)
    })
  }

  test('taken back it fills no more', () => {
    const matching = matchingOf({ rows: [10, 5] })
    matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
    matching.rest(null)
    expect(matching.within(1)).toBeNull()
  })

  test('an order that is due at the open fills before it', () => {
    const matching = matchingOf({ rows: [10, [9.5, 9.5, 8, 9]] })
    matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
    matching.trade(order('sell', 0))
    expect(matching.within(1)).toMatchObject({ fill: { price: 9.5 }, order: { reason: 'to sell' } })
  })

  describe('along seconds', () => {
    const seconds = secondsOf({
      '2013-10-07T13:35:00Z': 10,
      '2013-10-07T13:35:01Z': [9.2, 9.2, 9.1, 9.2],
      '2013-10-07T13:35:02Z': [8.7, 8.9, 8.6, 8.8],
      '2013-10-07T13:35:03Z': 10,
    })
    const rows: Row[] = [10, [10, 10, 8.6, 10]]

    test('a gap between two seconds is paid, which the candle alone does not show', () => {
      const matching = matchingOf({ rows, seconds })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      expect(told(matching.within(1)?.fill)).toEqual({ time: '2013-10-07T13:35:00Z', price: 8.7 })
      const without = matchingOf({ rows })
      without.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      expect(without.within(1)?.fill.price).toBe(9)
    })

    test('the time is the second where fills lie on seconds, else the candle', () => {
      const matching = matchingOf({ rows, seconds, rules: { fill: 'second' } })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      expect(told(matching.within(1)?.fill)).toEqual({ time: '2013-10-07T13:35:02Z', price: 8.7 })
    })

    test('what was before the entry does not trigger it', () => {
      const matching = matchingOf({ rows, seconds, rules: { fill: 'second', latencyMs: 3_000 } })
      matching.trade(order('buy', 0))
      expect(told(matching.within(1)?.fill)).toEqual({ time: '2013-10-07T13:35:03Z', price: 10 })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      expect(matching.within(1)).toBeNull()
      expect(matching.seenIn(1, 2)).toEqual({ low: 10, high: 10 })
    })

    test('it comes before an exit that is due later, which then has nothing to sell', () => {
      const matching = matchingOf({ rows, seconds, rules: { fill: 'second', latencyMs: 3_000 } })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      matching.trade(order('sell', 0))
      expect(matching.within(1)).toMatchObject({ fill: { price: 8.7 }, order: { reason: 'protective stop' } })
      expect(matching.within(1)).toBeNull()
    })

    test('it does not come before an exit that is due earlier', () => {
      const matching = matchingOf({ rows, seconds, rules: { fill: 'second', latencyMs: 1_000 } })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      matching.trade(order('sell', 0))
      expect(matching.within(1)).toMatchObject({ fill: { price: 9.2 }, order: { reason: 'to sell' } })
    })

    test('seconds between the sessions are not walked', () => {
      const evening = secondsOf({ '2013-10-07T21:00:00Z': 5, '2013-10-08T13:30:00Z': 10 })
      const matching = matchingOf({ rows: [...Array(78).fill(10), [10, 10, 8.9, 10]], seconds: evening })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      expect([matching.within(77), matching.within(78)]).toEqual([null, null])
    })

    test('a candle without seconds is judged by itself', () => {
      const matching = matchingOf({ rows: [10, 10, [10, 10, 8, 10]], seconds })
      matching.rest({ quantity: 100, stop: 9, reason: 'protective stop' })
      expect(told(matching.within(2)?.fill)).toEqual({ time: '2013-10-07T13:40:00Z', price: 9 })
    })
  })
})

test('commission is charged on the price with slippage', () => {
  const matching = matchingOf({ rows: [10, 1], rules: { commission: 'ibkr-fixed', slippageTicks: 10 } })
  matching.trade({ ...order('buy', 0), quantity: 20 })
  // At most 1 % of 20 × 1.10, which lies below the minimum of 1.00.
  expect(matching.within(1)!.fill.commission).toBeCloseTo(0.22, 12)
})
