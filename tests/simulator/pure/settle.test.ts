import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochMs } from '../../../src/market/time.ts'
import type { Trade } from '../../../src/simulator/account.ts'
import { settle } from '../../../src/simulator/accounts/settle.ts'

const trade = (side: Trade['side'], quantity: number, price: number, commission = 0): Trade => ({
  ...{ time: epochMs(0), symbol: 'SPY', side, quantity, price, commission },
  ...{ exchange: 'ARCA', clientId: 0, orderId: 0, permId: 0, orderRef: '' },
})

const held = (quantity: number, averageCost: number) => ({ symbol: 'SPY', quantity, averageCost })

const cases = [
  {
    title: 'a first purchase costs its price',
    from: held(0, 0),
    trade: trade('BOT', 100, 50),
    to: [100, 50],
  },
  {
    title: 'a commission is part of the cost',
    from: held(0, 0),
    trade: trade('BOT', 100, 50, 1),
    to: [100, 50.01],
  },
  {
    title: 'a second purchase joins the average',
    from: held(100, 50),
    trade: trade('BOT', 100, 60),
    to: [200, 55],
  },
  {
    title: 'a part that is sold is realised, the rest keeps its cost',
    from: held(100, 50),
    trade: trade('SLD', 40, 60, 1),
    to: [60, 50],
    realized: 399,
  },
  {
    title: 'a position that is sold out costs nothing more',
    from: held(100, 50),
    trade: trade('SLD', 100, 45),
    to: [0, 0],
    realized: -500,
  },
  {
    title: 'more than all turns a position short at the new price',
    from: held(100, 50),
    trade: trade('SLD', 150, 60),
    to: [-50, 60],
    realized: 1_000,
  },
  {
    title: 'a short sale brings less its commission',
    from: held(0, 0),
    trade: trade('SLD', 100, 50, 1),
    to: [-100, 49.99],
  },
  {
    title: 'a short position that is bought back gains when the price has fallen',
    from: held(-100, 50),
    trade: trade('BOT', 100, 45),
    to: [0, 0],
    realized: 500,
  },
]

for (const { title, from, trade: happened, to, realized = null } of cases)
  test(title, () => {
    const { position, realizedPnl } = settle(from, happened)
    expect([position.quantity, position.averageCost]).toEqual([to[0], expect.closeTo(to[1]!, 9)])
    expect(realizedPnl).toEqual(realized === null ? null : expect.closeTo(realized, 9))
  })

test('what is realised and what is held together are always worth what was paid', () => {
  const trades = fc.array(
    fc.record({
      side: fc.constantFrom<Trade['side']>('BOT', 'SLD'),
      quantity: fc.integer({ min: 1, max: 500 }),
      price: fc.integer({ min: 1_000, max: 100_000 }).map((cents) => cents / 100),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(trades, (all) => {
      let [position, realized, cash] = [held(0, 0), 0, 0]
      for (const { side, quantity, price } of all) {
        const settled = settle(position, trade(side, quantity, price, 1))
        cash += (side === 'BOT' ? -1 : 1) * quantity * price - 1
        realized += settled.realizedPnl ?? 0
        position = settled.position
      }
      expect(cash + position.quantity * position.averageCost).toBeCloseTo(realized, 4)
    }),
  )
})
