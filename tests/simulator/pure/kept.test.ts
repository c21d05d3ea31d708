import { expect, test } from 'vitest'
import { parseInstant, plus, SECOND_MS } from '../../../src/market/time.ts'
import { type Kept, keepOnChange, keptOf, putBack } from '../../../src/simulator/kept.ts'
import type { Tws } from '../../../src/simulator/tws.ts'
import { Stage } from '../stage.ts'
import { Trader } from '../trader.ts'

const stop = (auxPrice: number) => ({ action: 'SELL', orderType: 'STP', auxPrice, tif: 'GTC' })

/** As it is after it was written down and read again. */
const written = (tws: Tws): Kept => JSON.parse(JSON.stringify(keptOf(tws))) as Kept

function later(kept: Kept, seconds: number): Stage {
  const now = new Date(plus(kept.at, seconds * SECOND_MS)).toISOString()
  const stage = new Stage({ now, accounts: kept.accounts })
  putBack(stage.tws, kept)
  return stage
}

async function holding(stopPrice: number) {
  const stage = new Stage()
  const trader = new Trader(stage)
  trader.place(1, { transmit: false })
  trader.place(2, { ...stop(stopPrice), parentId: 1 })
  await trader.after(10)
  return { stage, kept: written(stage.tws) }
}

test('a terminal that comes after another has its cash, positions, executions and open orders', async () => {
  const { stage, kept } = await holding(300)
  const next = later(kept, 60)
  const [before, after] = [stage.tws.books.all[0]!, next.tws.books.all[0]!]
  expect(after.cash).toBe(before.cash)
  expect(after.positions).toEqual(before.positions)
  expect(after.executions).toEqual(before.executions)
  const trader = new Trader(next)
  expect(trader.ask(16, 1)).toEqual([
    'order 2 PreSubmitted',
    'status 2 PreSubmitted 0/100 trigger',
    'end of orders',
  ])
})

test('it gives no number twice', async () => {
  const { stage, kept } = await holding(300)
  const next = later(kept, 60)
  const trader = new Trader(next)
  trader.place(3)
  await trader.after(10)
  const ids = next.tws.books.all[0]!.executions.map(({ id, permId }) => [id, permId])
  expect(new Set(ids.map(([id]) => id)).size).toBe(2)
  expect(new Set(ids.map(([, permId]) => permId)).size).toBe(2)
  expect(next.tws.orderIds.next(1)).toBe(4)
  expect(stage.tws.orderIds.next(1)).toBe(3)
})

test('a stop that was reached while nobody was there has sold at the price of then', async () => {
  const probe = new Stage()
  const near = Math.round((probe.tws.prices.last('SPY')! - 0.3) * 100) / 100
  const { stage, kept } = await holding(near)
  await stage.pass(3_600)
  const [, sold] = stage.tws.books.all[0]!.executions
  const next = later(kept, 3_600)
  expect(sold).toMatchObject({ side: 'SLD' })
  expect(next.tws.books.all[0]!.executions[1]).toEqual(sold)
  expect(next.tws.books.all[0]!.positions).toEqual([])
})

test('what is kept changes with each order and fill', async () => {
  const seen: Kept[] = []
  const stage = new Stage()
  keepOnChange(stage.tws, (kept) => seen.push(kept))
  const trader = new Trader(stage)
  trader.place(1)
  await trader.after(10)
  expect(seen.length).toBeGreaterThan(1)
  expect(seen[0]!.orders.map(({ orderId }) => orderId)).toEqual([1])
  expect(seen.at(-1)!.orders).toEqual([])
  expect(seen.at(-1)!.accounts[0]!.positions).toMatchObject([{ symbol: 'SPY', quantity: 100 }])
  expect(seen.at(-1)!.at).toBeGreaterThanOrEqual(parseInstant('2024-06-03T15:00:00Z'))
})
