import { expect, test } from 'vitest'
import { control } from '../../../src/simulator/control/control.ts'
import { Stage } from '../stage.ts'
import { Trader } from '../trader.ts'

interface Books {
  readonly cash: number
  readonly positions: readonly { symbol: string; quantity: number; averageCost: number }[]
  readonly orders: readonly Record<string, unknown>[]
  readonly executions: readonly Record<string, unknown>[]
  readonly completedOrders: readonly Record<string, unknown>[]
  readonly protection: readonly { position: number; stopped: number }[]
  readonly nakedSpans: readonly { from: string; to: string | null; shares: number; openMs: number }[]
}

const setUp = () => {
  const stage = new Stage()
  const call = (method: string, path: string, body?: object) => {
    const deps = { tws: stage.tws, era: () => ({}) as never, hands: null }
    const { status, text } = control({ method, path, body: body ? JSON.stringify(body) : '' }, deps)
    return { status, body: JSON.parse(text) }
  }
  const books = (): Books => call('GET', '/accounts/DU1234567/books').body
  return { stage, trader: new Trader(stage), call, books }
}

const FAR_STOP = { action: 'SELL', orderType: 'STP', auxPrice: 300, tif: 'GTC' }

test('the books have every order, execution and position, as they are', async () => {
  const { trader, books } = setUp()
  trader.place(1, { orderRef: 'entry', transmit: false })
  trader.place(2, { ...FAR_STOP, parentId: 1, orderRef: 'stop' })
  await trader.after(4)
  const { orders, executions, positions, completedOrders, cash } = books()
  expect(orders).toMatchObject([
    {
      clientId: 1,
      orderId: 1,
      orderRef: 'entry',
      status: 'Filled',
      filled: 100,
      completedAt: expect.any(String),
    },
    {
      clientId: 1,
      orderId: 2,
      orderRef: 'stop',
      status: 'PreSubmitted',
      parentId: 1,
      auxPrice: 300,
      remaining: 100,
    },
  ])
  expect(executions).toMatchObject([
    {
      orderRef: 'entry',
      clientId: 1,
      orderId: 1,
      permId: orders[0]!.permId,
      side: 'BOT',
      quantity: 100,
      commission: 1,
    },
  ])
  expect(completedOrders).toMatchObject([{ orderRef: 'entry', status: 'Filled', reason: 'Filled Size: 100' }])
  const price = Number(executions[0]!.price)
  expect(positions).toEqual([{ symbol: 'SPY', quantity: 100, averageCost: expect.closeTo(price + 0.01, 6) }])
  expect(cash).toBeCloseTo(1_000_000 - 100 * price - 1, 6)
})

test('a position whose stop comes with its fill is never naked', async () => {
  const { trader, books } = setUp()
  trader.place(1, { transmit: false })
  trader.place(2, { ...FAR_STOP, parentId: 1 })
  await trader.after(60)
  expect(books().protection).toMatchObject([
    { position: 0, stopped: 0 },
    { position: 100, stopped: 100 },
  ])
  expect(books().nakedSpans).toEqual([])
})

test('a position is naked from its fill until a stop for all of it works, and again when that is gone', async () => {
  const { stage, trader, books } = setUp()
  trader.place(1)
  await trader.after(10)
  trader.place(2, { ...FAR_STOP, totalQuantity: 60 })
  await trader.after(5)
  trader.place(3, { ...FAR_STOP, totalQuantity: 40 })
  await trader.after(20)
  trader.cancel(2)
  await stage.pass(30)
  const [first, second, ...more] = books().nakedSpans
  expect([first!.shares, second!.shares, second!.to, second!.openMs, more]).toEqual([
    100,
    60,
    null,
    30_000,
    [],
  ])
  expect(first!.to).toBe('2024-06-03T15:00:15Z')
  expect(first!.openMs).toBe(Date.parse(first!.to!) - Date.parse(first!.from))
})

test('outside regular hours a naked position is not open to the market', async () => {
  const { call, books, stage } = setUp()
  await stage.pass(6 * 3_600)
  call('POST', '/accounts/DU1234567/trades', { symbol: 'SPY', side: 'BOT', quantity: 10 })
  await stage.pass(3_600)
  expect(books().nakedSpans).toMatchObject([{ shares: 10, openMs: 0 }])
})

test('an order by hand is the TWS’s own, one of another client has its id', async () => {
  const { trader, call, stage } = setUp()
  const [other, zero] = [new Trader(stage, 9), new Trader(stage, 0)]
  const wanted = {
    symbol: 'SPY',
    action: 'BUY',
    quantity: 10,
    orderType: 'LMT',
    limitPrice: 300,
    timeInForce: 'GTC',
  }
  expect(call('POST', '/accounts/DU1234567/orders', wanted)).toMatchObject({
    status: 201,
    body: { clientId: 0, orderId: 0 },
  })
  expect(call('POST', '/accounts/DU1234567/orders', { ...wanted, clientId: 9 })).toMatchObject({
    body: { clientId: 9, orderId: 1, status: 'Submitted' },
  })
  expect([trader.told(), zero.told(), other.told()]).toEqual([
    [],
    ['order 0 Submitted', 'status 0 Submitted 0/10'],
    ['order 1 Submitted', 'status 1 Submitted 0/10'],
  ])
})

test('a person cancels an order of a client, who is told', () => {
  const { trader, call, books } = setUp()
  trader.place(1, FAR_STOP)
  const { permId } = books().orders[0]!
  expect(call('DELETE', `/orders/${permId}`)).toMatchObject({ status: 200, body: { status: 'Cancelled' } })
  expect(trader.told()).toEqual([
    'status 1 PendingCancel 0/100 trigger',
    'status 1 Cancelled 0/100',
    'error 1 202',
  ])
  expect(call('DELETE', `/orders/${permId}`).status).toBe(422)
  expect(call('DELETE', '/orders/7').status).toBe(404)
})

test('a correction takes the place of an execution: position and cash are as if it had been so', async () => {
  const { trader, call, books } = setUp()
  trader.ask(61, 1)
  trader.place(1)
  await trader.after(4)
  const { id } = books().executions[0]!
  const path = `/accounts/DU1234567/executions/${id}/correction`
  expect(call('POST', path, { quantity: 90, price: 400 })).toMatchObject({
    status: 201,
    body: { quantity: 90 },
  })
  expect(trader.told()).toEqual([
    'fill 1 BOT 90',
    'order 1 Filled',
    'status 1 Filled 100/0',
    'status 1 Filled 100/0',
    'commission 1',
    'position SPY 90',
  ])
  const { executions, positions, cash } = books()
  expect(executions.map((each) => String(each.id).slice(-3))).toEqual(['.01', '.02'])
  expect(positions).toMatchObject([{ quantity: 90 }])
  expect(cash).toBeCloseTo(1_000_000 - 90 * 400 - 1, 6)
})

test('a trade that is busted leaves nothing behind', async () => {
  const { trader, call, books } = setUp()
  trader.place(1)
  await trader.after(4)
  const { id } = books().executions[0]!
  call('POST', `/accounts/DU1234567/executions/${id}/correction`, { quantity: 0 })
  expect([books().positions, books().cash]).toEqual([[], 1_000_000])
  expect(call('POST', '/accounts/DU1234567/executions/none/correction', { quantity: 0 }).status).toBe(404)
})

test('a position may be another from one moment to the next, as after a split', () => {
  const { trader, call, books } = setUp()
  trader.ask(61, 1)
  call('POST', '/accounts/DU1234567/positions', { symbol: 'SPY', quantity: 400, averageCost: 95 })
  expect(trader.told()).toEqual(['position SPY 400'])
  expect(books().positions).toEqual([{ symbol: 'SPY', quantity: 400, averageCost: 95 }])
})

test.each([
  ['GET', '/accounts/DU9/books', undefined, 404],
  ['POST', '/accounts/DU9/orders', { symbol: 'SPY', action: 'BUY', quantity: 1 }, 404],
  ['POST', '/accounts/DU1234567/orders', { symbol: 'SPY', action: 'HOLD', quantity: 1 }, 400],
  [
    'POST',
    '/accounts/DU1234567/orders',
    { symbol: 'SPY', action: 'BUY', quantity: 1, orderType: 'LMT' },
    422,
  ],
  ['POST', '/accounts/DU1234567/positions', { symbol: 'SPY' }, 400],
] as const)('%s %s of %j is refused', (method, path, body, status) => {
  expect(setUp().call(method, path, body).status).toBe(status)
})
