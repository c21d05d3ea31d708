import { expect, test } from 'vitest'
import { accountCurve } from '../../src/backtest/accountCurve.ts'
import { Book } from '../../src/execution/book.ts'
import type { Fill } from '../../src/execution/fill.ts'
import { epochMs } from '../../src/market/time.ts'
import { candles } from '../strategy/candles.ts'

const fill = (side: Fill['side'], quantity: number, price: number): Fill => ({
  time: epochMs(0),
  side,
  quantity,
  price,
  commission: 1,
  slippage: 0,
})

test('an account is worth its cash and its shares at each close, from the candle of a fill on', () => {
  const book = new Book(1_000)
  book.apply(fill('buy', 5, 100), 'up', 1)
  book.apply(fill('sell', 5, 110), 'down', 3)
  expect(accountCurve(candles([99, 101, 105, 108, 120]), book.balances)).toEqual({
    equity: Float64Array.from([1_000, 1_004, 1_024, 1_048, 1_048]),
    candlesHeld: 2,
  })
})

test('of several fills in one candle the last one counts at its close', () => {
  const book = new Book(1_000)
  book.apply(fill('buy', 5, 100), 'up', 0)
  book.apply(fill('sell', 5, 98), 'stop', 0)
  book.apply(fill('buy', 2, 50), 'up', 2)
  expect(accountCurve(candles([99, 101, 55]), book.balances)).toEqual({
    equity: Float64Array.from([988, 988, 997]),
    candlesHeld: 1,
  })
})

test('what is held at the end is marked to the last close, and without candles there is no curve', () => {
  const book = new Book(100)
  expect(accountCurve(candles([]), book.balances)).toEqual({ equity: new Float64Array(), candlesHeld: 0 })
  book.apply(fill('buy', 1, 50), 'up', 0)
  expect([...accountCurve(candles([60, 70]), book.balances).equity]).toEqual([109, 119])
})
