import { expect, test } from 'vitest'
import { emptyAccount } from '../../../src/simulator/account.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import { Stage } from '../stage.ts'
import { Trader } from '../trader.ts'

const FAR = { symbol: 'AAPL', action: 'SELL', orderType: 'STP', auxPrice: 1, tif: 'GTC' }

const setUp = () => {
  const market = generatedMarket({ seed: 1, splits: [{ symbol: 'AAPL', date: '2024-06-04', ratio: 4 }] })
  const held = {
    ...emptyAccount('DU1234567'),
    positions: [{ symbol: 'AAPL', quantity: 100, averageCost: 200 }],
  }
  const stage = new Stage({ market, accounts: [held, emptyAccount('DU7654321')] })
  return { stage, trader: new Trader(stage) }
}

test('a split makes more shares of what is held, and cancels the orders that are open', async () => {
  const { stage, trader } = setUp()
  trader.place(1, { ...FAR, account: 'DU1234567' })
  trader.place(2, { ...FAR, symbol: 'SPY', account: 'DU1234567' })
  trader.ask(61, 1)
  await stage.pass(12.9 * 3_600)
  expect(trader.told()).toEqual([])
  expect(await trader.after(360)).toEqual([
    ...[
      'status 1 PendingCancel 0/100 trigger',
      'status 1 Cancelled 0/100',
      'error 1 202',
      'position AAPL 400',
    ],
  ])
  expect(stage.tws.books.all.map((book) => book.positions)).toEqual([
    [{ symbol: 'AAPL', quantity: 400, averageCost: 50 }],
    [],
  ])
})

test('a day’s profit does not know of the split', async () => {
  const { stage, trader } = setUp()
  await stage.pass(86_400)
  trader.client.send(94, 9, 'DU1234567', '', 265_598)
  const [, , quantity, daily, , , value] = trader.client.received()[0]!.map(Number)
  expect(quantity).toBe(400)
  expect(Math.abs(daily!)).toBeLessThan(value! * 0.1)
})
