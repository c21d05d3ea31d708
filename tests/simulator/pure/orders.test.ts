import { describe, expect, test } from 'vitest'
import type { TerminalSetup } from '../rawClient.ts'
import { Stage } from '../stage.ts'
import { Trader } from '../trader.ts'

const setUp = (setup: TerminalSetup = {}) => {
  const stage = new Stage(setup)
  return { stage, trader: new Trader(stage) }
}

const FAR_STOP = { action: 'SELL', orderType: 'STP', auxPrice: 300, tif: 'GTC' }

test('a market order is filled by the next second, and told in the order of IB', async () => {
  const { trader } = setUp()
  trader.ask(61, 1)
  expect(trader.place(1)).toEqual(['order 1 Submitted', 'status 1 Submitted 0/100'])
  expect(await trader.after(4)).toEqual([
    'fill 1 BOT 100',
    'order 1 Filled',
    'status 1 Filled 100/0',
    'status 1 Filled 100/0',
    'commission 1',
    'position SPY 100',
  ])
})

test('a buy pays the ask of the second, a sale gets its bid, and it is dated by the second', async () => {
  const { stage, trader } = setUp()
  trader.place(1)
  trader.place(2, { action: 'SELL' })
  await trader.after(4)
  const [bought, sold] = stage.tws.books.all[0]!.executionsOn(stage.tws.now())
  expect([bought!.side, sold!.side, bought!.time]).toEqual(['BOT', 'SLD', sold!.time])
  expect(bought!.price).toBeGreaterThan(sold!.price)
  expect(bought!.price - sold!.price).toBeLessThan(0.05)
  expect(bought!.time % 1_000).toBe(0)
})

test('a bracket works when its last order is transmitted, and its stop when the entry is filled', async () => {
  const { trader } = setUp()
  expect(trader.place(1, { transmit: false })).toEqual([])
  expect(trader.ask(5, 1)).toEqual(['end of orders'])
  expect(trader.place(2, { ...FAR_STOP, parentId: 1 })).toEqual([
    'order 1 Submitted',
    'status 1 Submitted 0/100',
    'order 2 PreSubmitted',
    'status 2 PreSubmitted 0/100 child,trigger',
  ])
  expect(await trader.after(4)).toEqual([
    'fill 1 BOT 100',
    'order 1 Filled',
    'status 1 Filled 100/0',
    'status 1 Filled 100/0',
    'commission 1',
    'order 2 PreSubmitted',
    'status 2 PreSubmitted 0/100 trigger',
  ])
})

test('a stop sells when the market has come down to it, at its price or worse', async () => {
  const { stage, trader } = setUp()
  const price = stage.tws.prices.last('SPY')!
  const auxPrice = Math.round((price - 0.2) * 100) / 100
  trader.place(1, { ...FAR_STOP, auxPrice })
  const told = await trader.after(3_600)
  expect(told.slice(0, 3)).toEqual([
    'order 1 Submitted',
    'status 1 Submitted 0/100',
    expect.stringMatching(/^fill 1 SLD/),
  ])
  expect(told).toContain('status 1 Filled 100/0')
  expect(stage.tws.books.all[0]!.executionsOn(stage.tws.now())[0]!.price).toBeLessThanOrEqual(auxPrice)
})

test('a cancel is confirmed, and refused to an order that is done, is being filled or was never there', async () => {
  const { trader } = setUp()
  trader.place(1, FAR_STOP)
  expect(trader.cancel(1)).toEqual([
    'status 1 PendingCancel 0/100 trigger',
    'status 1 Cancelled 0/100',
    'error 1 202',
  ])
  expect(trader.cancel(1)).toEqual(['error 1 10148'])
  expect(trader.cancel(7)).toEqual(['error 7 10147'])
  trader.place(2)
  await trader.after(4)
  expect(trader.cancel(2)).toEqual(['error 2 10148'])
})

test('the cancel of an entry takes its bracket with it', () => {
  const { trader } = setUp({ now: '2024-06-03T21:00:00Z' })
  trader.place(1, { transmit: false, tif: 'GTC' })
  trader.place(2, { ...FAR_STOP, parentId: 1 })
  expect(trader.cancel(1)).toEqual([
    'status 1 PendingCancel 0/100',
    'status 1 Cancelled 0/100',
    'error 1 202',
    'status 2 PendingCancel 0/100 child,trigger',
    'status 2 Cancelled 0/100',
    'error 2 202',
  ])
})

test('of a group the first fill cancels the others', async () => {
  const { trader } = setUp()
  const group = { ocaGroup: 'exit', ocaType: 1 }
  trader.place(1, { ...FAR_STOP, ...group })
  trader.place(2, { action: 'SELL', ...group })
  const told = await trader.after(4)
  expect(told.slice(0, 1)).toEqual(['fill 2 SLD 100'])
  expect(told.slice(-3)).toEqual([
    'status 1 PendingCancel 0/100 trigger',
    'status 1 Cancelled 0/100',
    'error 1 202',
  ])
})

describe('an order id', () => {
  test('that lives is that of the same order when it is sent again', async () => {
    const { trader } = setUp()
    trader.place(1)
    expect(trader.place(1)).toEqual(['order 1 Submitted', 'status 1 Submitted 0/100'])
    expect((await trader.after(10)).filter((line) => line.startsWith('fill'))).toEqual(['fill 1 BOT 100'])
  })

  test('is refused once it is filled (104), cancelled, or below one that was used (103)', async () => {
    const { trader } = setUp()
    trader.place(5)
    await trader.after(4)
    trader.place(6, FAR_STOP)
    trader.cancel(6)
    expect([trader.place(5), trader.place(6), trader.place(4)]).toEqual([
      ['error 5 104'],
      ['error 6 103'],
      ['error 4 103'],
    ])
  })

  test('is counted for each client, and told as the next one', () => {
    const { stage, trader } = setUp()
    trader.place(41, FAR_STOP)
    expect(stage.tws.orderIds.next(1)).toBe(42)
    expect(new Trader(stage, 2).place(1, FAR_STOP)).toEqual([
      'order 1 PreSubmitted',
      'status 1 PreSubmitted 0/100 trigger',
    ])
  })
})

describe('open orders', () => {
  test('are the own ones, or those of all clients', () => {
    const { stage, trader } = setUp()
    const other = new Trader(stage, 2)
    trader.place(1, FAR_STOP)
    other.place(8, FAR_STOP)
    const mine = ['order 1 PreSubmitted', 'status 1 PreSubmitted 0/100 trigger']
    const theirs = ['order 8 PreSubmitted', 'status 8 PreSubmitted 0/100 trigger']
    expect(trader.ask(5, 1)).toEqual([...mine, 'end of orders'])
    expect(trader.ask(16, 1)).toEqual([...mine, ...theirs, 'end of orders'])
    expect(other.told()).toEqual([])
  })

  test.each([
    ['after', ['message 15', 'message 9', 'order 1 PreSubmitted']],
    ['before', ['message 15', 'order 1 PreSubmitted', 'status 1 PreSubmitted 0/100 trigger']],
    ['never', ['message 15', 'message 9', 'error -1 2104']],
  ] as const)('are told at connect: %s', (openOrdersAtConnect, first) => {
    const { stage, trader } = setUp({ switches: { openOrdersAtConnect } })
    trader.place(1, FAR_STOP)
    trader.client.connection.closed()
    const again = new Trader(stage)
    again.client.connection.closed()
    expect(again.greeting.slice(1, 4)).toEqual(first)
  })

  test('outlive their client: what is filled meanwhile is in the executions and the completed orders', async () => {
    const { stage, trader } = setUp()
    trader.place(1, { orderRef: 'mine' })
    trader.client.connection.closed()
    await stage.pass(10)
    const again = new Trader(stage)
    expect(again.ask(7, 3, 5, 0, '', '', '', '', '', '')).toEqual([
      'fill 1 BOT 100',
      'commission 1',
      'message 55',
    ])
    expect(again.ask(99, 1)).toEqual(['message 101', 'message 102'])
    expect(again.ask(61, 1)).toEqual(['position SPY 100', 'message 62'])
  })
})
