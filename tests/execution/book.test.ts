import { describe, expect, test } from 'vitest'
import { Book } from '../../src/execution/book.ts'
import type { Fill } from '../../src/execution/fill.ts'
import { Position } from '../../src/execution/position.ts'
import { sharesToBuy } from '../../src/execution/sizing.ts'
import { startOf } from '../strategy/candles.ts'

const fill = (side: 'buy' | 'sell', candle: number, fields: Partial<Fill> = {}): Fill => ({
  time: startOf(candle),
  side,
  quantity: 100,
  price: 10,
  commission: 1,
  slippage: 0.5,
  ...fields,
})

describe('the book', () => {
  test('tells a round trip with its costs and excursions', () => {
    const book = new Book(10_000)
    book.apply(fill('buy', 3), 'broken out', 3)
    book.watch({ low: 9.5, high: 10.25 })
    book.watch({ low: 9.8, high: 11 })
    book.apply(fill('sell', 5, { price: 10.5, commission: 1.5 }), 'stopped', 5)
    expect(book.trades).toEqual([
      {
        entryTime: startOf(3),
        entryPrice: 10,
        entryReason: 'broken out',
        exitTime: startOf(5),
        exitPrice: 10.5,
        exitReason: 'stopped',
        quantity: 100,
        grossPnl: 50,
        commission: 2.5,
        netPnl: 47.5,
        returnPct: 0.0475,
        bars: 3,
        mae: expect.closeTo(-0.05, 12),
        mfe: expect.closeTo(0.1, 12),
      },
    ])
    expect([book.held, book.equityAt(99), book.commissions, book.slippageCost, book.traded]).toEqual([
      0, 10_047.5, 2.5, 1, 2_050,
    ])
  })

  test('an exit below all that was seen is the most adverse excursion', () => {
    const book = new Book(10_000)
    book.apply(fill('buy', 0), '', 0)
    book.apply(fill('sell', 1, { price: 9 }), '', 1)
    expect(book.trades[0]).toMatchObject({ mae: expect.closeTo(-0.1, 12), mfe: 0 })
  })

  test('marks what is still held, and counts it among no trades', () => {
    const book = new Book(10_000)
    expect(book.openTrade(startOf(0), 10, 0)).toBeNull()
    book.apply(fill('buy', 3), 'broken out', 3)
    expect(book.openTrade(startOf(6), 12, 6)).toEqual({
      entryTime: startOf(3),
      entryPrice: 10,
      entryReason: 'broken out',
      quantity: 100,
      markTime: startOf(6),
      markPrice: 12,
      unrealizedPnl: 199,
      bars: 4,
    })
    expect([book.trades, book.equityAt(12)]).toEqual([[], 10_199])
  })

  test('fills in parts make one trade at their average prices', () => {
    const book = new Book(10_000)
    book.apply(fill('buy', 0, { quantity: 30 }), 'in', 0)
    book.apply(fill('buy', 1, { quantity: 70, price: 11 }), 'in', 1)
    book.apply(fill('sell', 2, { quantity: 50, price: 12 }), 'out', 2)
    expect(book.trades).toEqual([])
    book.apply(fill('sell', 3, { quantity: 50, price: 13 }), 'out', 3)
    expect(book.trades).toMatchObject([
      { entryPrice: 10.7, exitPrice: 12.5, quantity: 100, commission: 4, bars: 4 },
    ])
  })
})

test('a position is what the fills say, and nothing is sold that is not held', () => {
  const position = new Position()
  position.apply(fill('buy', 0, { quantity: 30, price: 10 }))
  position.apply(fill('buy', 0, { quantity: 30, price: 12 }))
  expect([position.quantity, position.averagePrice]).toEqual([60, 11])
  position.apply(fill('sell', 0, { quantity: 20 }))
  expect([position.quantity, position.averagePrice]).toEqual([40, 11])
  expect(() => position.apply(fill('sell', 0, { quantity: 41 }))).toThrow(RangeError)
  position.apply(fill('sell', 0, { quantity: 40 }))
  expect([position.quantity, position.averagePrice]).toEqual([0, Number.NaN])
})

test.each([
  {
    title: 'a fixed number of shares',
    sizing: { kind: 'shares', shares: 7 },
    equity: 10,
    close: 100,
    shares: 7,
  },
  {
    title: 'all of the equity',
    sizing: { kind: 'fraction', fraction: 1 },
    equity: 1_000,
    close: 100,
    shares: 10,
  },
  {
    title: 'whole shares only',
    sizing: { kind: 'fraction', fraction: 1 },
    equity: 1_099.99,
    close: 100,
    shares: 10,
  },
  { title: 'half of it', sizing: { kind: 'fraction', fraction: 0.5 }, equity: 1_000, close: 100, shares: 5 },
  {
    title: 'none where one is too dear',
    sizing: { kind: 'fraction', fraction: 1 },
    equity: 99.99,
    close: 100,
    shares: 0,
  },
  {
    title: 'none where nothing is left',
    sizing: { kind: 'fraction', fraction: 1 },
    equity: -5,
    close: 100,
    shares: 0,
  },
] as const)('an entry buys $title: $shares', ({ sizing, equity, close, shares }) => {
  expect(sharesToBuy(sizing, equity, close)).toBe(shares)
})
