import { describe, expect, test } from 'vitest'
import type { TerminalSetup } from '../rawClient.ts'
import { flat, type ScriptedSecond, scriptedMarket } from '../scriptedMarket.ts'
import { Stage } from '../stage.ts'
import { Trader } from '../trader.ts'

const NOON = '2024-06-03T15:00:00Z'
const SALE = { action: 'SELL', tif: 'GTC' }
const STOP = { ...SALE, orderType: 'STP', auxPrice: 95 }
const TARGET = { ...SALE, orderType: 'LMT', lmtPrice: 105 }

function setUp(script: readonly ScriptedSecond[], setup: TerminalSetup = {}) {
  const market = scriptedMarket(NOON, [flat(100), ...script])
  const stage = new Stage({ market, switches: { fillShare: 1 }, ...setup })
  return {
    stage,
    trader: new Trader(stage),
    orders: () =>
      stage.tws.floor.orders.all.map(({ status, filled, remaining }) => `${status} ${filled}/${remaining}`),
  }
}

describe('a bracket', () => {
  test('ends with its target: the stop is cancelled', async () => {
    const { trader, orders, stage } = setUp([flat(100), flat(105.1)])
    trader.place(1, { transmit: false })
    trader.place(2, { ...TARGET, parentId: 1, transmit: false })
    trader.place(3, { ...STOP, parentId: 1 })
    await stage.pass(10)
    expect(orders()).toEqual(['Filled 100/0', 'Filled 100/0', 'Cancelled 0/100'])
  })

  test('ends with its stop: the target is cancelled', async () => {
    const { trader, orders, stage } = setUp([flat(100), flat(94)])
    trader.place(1, { transmit: false })
    trader.place(2, { ...TARGET, parentId: 1, transmit: false })
    trader.place(3, { ...STOP, parentId: 1 })
    await stage.pass(10)
    expect(orders()).toEqual(['Filled 100/0', 'Cancelled 0/100', 'Filled 100/0'])
  })

  test('protects each share as soon as it is bought', async () => {
    const { trader, stage } = setUp([flat(100, 30), flat(100, 70)])
    await stage.pass(0.5)
    trader.place(1, { transmit: false })
    trader.place(2, { ...STOP, parentId: 1 })
    await stage.pass(10)
    expect(
      stage.tws.protection.historyOf('DU1234567').map(({ position, stopped }) => [position, stopped]),
    ).toEqual([
      [0, 0],
      [30, 30],
      [100, 100],
    ])
  })

  test('whose entry is cancelled after a part keeps the stop for that part', async () => {
    const { trader, stage, orders } = setUp([flat(100, 30)])
    await stage.pass(0.5)
    trader.place(1, { transmit: false })
    trader.place(2, { ...STOP, parentId: 1 })
    await stage.pass(5)
    trader.told()
    expect(trader.cancel(1)).toEqual([
      ...['status 1 PendingCancel 30/70', 'status 1 Cancelled 30/70', 'error 1 202'],
      ...['order 2 PreSubmitted', 'status 2 PreSubmitted 0/30 trigger'],
    ])
    expect(orders()).toEqual(['Cancelled 30/70', 'PreSubmitted 0/30'])
    expect(stage.tws.protection.nakedSpans('DU1234567')).toEqual([])
  })

  test('is refused below an order that was never there (10006) and rejected below one that is cancelled (201)', () => {
    const { trader } = setUp([])
    expect(trader.place(5, { ...STOP, parentId: 4 })).toEqual(['error 5 10006'])
    trader.place(6, { ...TARGET, lmtPrice: 200 })
    trader.cancel(6)
    expect(trader.place(7, { ...STOP, parentId: 6 })).toEqual(['error 7 201', 'status 7 Inactive 0/100'])
  })

  test('may be joined once its entry is filled', async () => {
    const { trader, stage } = setUp([])
    trader.place(1)
    await stage.pass(5)
    trader.told()
    expect(trader.place(2, { ...STOP, parentId: 1 })).toEqual([
      'order 2 PreSubmitted',
      'status 2 PreSubmitted 0/100 trigger',
    ])
  })

  test('that is not transmitted survives its client, and a restart does not', async () => {
    const { trader, stage } = setUp([])
    trader.place(1, { transmit: false })
    trader.client.connection.closed()
    expect(new Trader(stage).place(2, { ...STOP, parentId: 1 }).slice(0, 2)).toEqual([
      'order 1 Submitted',
      'status 1 Submitted 0/100',
    ])
    const other = new Trader(stage, 2)
    other.place(1, { transmit: false })
    await stage.arm('restart', { for: 5 })
    await stage.pass(5)
    expect(new Trader(stage, 2).place(2, { ...STOP, parentId: 1 })).toEqual(['error 2 10006'])
  })
})

describe('a group', () => {
  const group = (ocaType: number) => ({ ocaGroup: 'exit', ocaType })

  test.each([
    [1, 'Cancelled 0/100'],
    [2, 'PreSubmitted 0/70'],
    [3, 'PreSubmitted 0/70'],
  ] as const)('of type %i with a part of one filled leaves the other %s', async (ocaType, left) => {
    const { trader, stage, orders } = setUp([flat(100, 30)])
    await stage.pass(0.5)
    trader.place(1, { ...STOP, ...group(ocaType) })
    trader.place(2, { ...SALE, ...group(ocaType) })
    await stage.pass(5)
    expect(orders()).toEqual([left, 'Submitted 30/70'])
  })

  test('is made smaller in proportion', async () => {
    const { trader, stage, orders } = setUp([flat(100, 25)])
    await stage.pass(0.5)
    trader.place(1, { ...STOP, ...group(3), totalQuantity: 200 })
    trader.place(2, { ...SALE, ...group(3) })
    await stage.pass(5)
    expect(orders()).toEqual(['PreSubmitted 0/150', 'Submitted 25/75'])
  })

  test('is one of an account and a name', async () => {
    const { trader, stage, orders } = setUp([])
    trader.place(1, { ...STOP, ocaGroup: 'another', ocaType: 1 })
    trader.place(2, { ...SALE, ...group(1) })
    await stage.pass(5)
    expect(orders()).toEqual(['PreSubmitted 0/100', 'Filled 100/0'])
  })

  test('of a stop and a market order that meet in one second sells once', async () => {
    const { trader, stage } = setUp([flat(94)])
    await stage.pass(0.5)
    trader.place(1, { ...STOP, ...group(1) })
    trader.place(2, { ...SALE, ...group(1) })
    await stage.pass(5)
    expect(stage.tws.books.all[0]!.position('SPY').quantity).toBe(-100)
  })
})
