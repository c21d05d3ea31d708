import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyAccount } from '../../../src/simulator/account.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import { place } from '../../../src/simulator/orders/place.ts'
import type { OrderRequest } from '../../../src/simulator/orders/request.ts'
import { VERSIONS } from '../layouts/layout.ts'
import type { TerminalSetup } from '../rawClient.ts'
import { Stage } from '../stage.ts'
import { orderRequest, Trader, type Wish } from '../trader.ts'

const market = generatedMarket({ seed: 1 })

const setUp = (setup: TerminalSetup = {}) => {
  const stage = new Stage({ market, ...setup })
  return { stage, trader: new Trader(stage) }
}

const REQUEST: OrderRequest = {
  contract: {
    conId: 0,
    symbol: 'SPY',
    secType: 'STK',
    exchange: 'SMART',
    primaryExchange: '',
    currency: 'USD',
  },
  ...{ action: 'BUY', quantity: 10, orderType: 'LMT', limitPrice: 10, auxPrice: null, timeInForce: 'GTC' },
  ...{
    goodTillDate: '',
    goodAfterTime: '',
    ocaGroup: '',
    ocaType: 0,
    account: '',
    orderRef: '',
    transmit: true,
  },
  ...{ parentId: 0, triggerMethod: 0, outsideRth: false, trailStopPrice: null, trailingPercent: null },
  ...{ limitOffset: null, isWhatIf: false, unsupported: [] },
}

const FAR = { orderType: 'LMT', lmtPrice: 300, tif: 'GTC' }

describe('an order is refused', () => {
  const refused: readonly [title: string, wish: Wish, code: number][] = [
    ['of an unknown symbol', { symbol: 'spy' }, 200],
    ['of a kind that is not traded', { secType: 'FUT' }, 200],
    ['that neither buys nor sells', { action: 'HOLD' }, 321],
    ['of an unknown type', { orderType: 'REL' }, 387],
    ['of a pegged type', { orderType: 'PEG MID' }, 387],
    ['without a size', { totalQuantity: 0 }, 434],
    ['of less than nothing', { totalQuantity: -5 }, 321],
    ['of a fraction', { totalQuantity: 0.5 }, 10243],
    ['that has no limit', { orderType: 'LMT' }, 107],
    ['that has no stop', { orderType: 'STP' }, 107],
    ['that trails by nothing', { orderType: 'TRAIL' }, 107],
    ['at a price off the grid', { orderType: 'LMT', lmtPrice: 300.005 }, 110],
    ['at a price below zero', { orderType: 'LMT', lmtPrice: -1 }, 110],
    ['for a time that is none', { tif: 'SOON' }, 321],
    ['until a time that is none', { ...FAR, tif: 'GTD', goodTillDate: 'tomorrow' }, 391],
    ['from a time on', { goodAfterTime: '20240603-16:00:00' }, 321],
    [
      'by an algorithm',
      { algoStrategy: 'Adaptive', algoParams: [{ tag: 'adaptivePriority', value: 'Normal' }] },
      321,
    ],
    ['as a hedge', { hedgeType: 'D' }, 321],
    ['for an amount of cash', { cashQty: 500 }, 321],
    ['of an account that is none', { account: 'DU9' }, 321],
  ]

  test.each(refused)('%s', (_title, wish, code) => {
    const { stage, trader } = setUp()
    expect(trader.place(3, wish)).toEqual([`error 3 ${code}`])
    expect([stage.tws.orderIds.next(1), trader.client.hungUp]).toEqual([1, false])
  })

  test('that names no account where there are two', () => {
    const { trader } = setUp({ accounts: [emptyAccount('DU1000001'), emptyAccount('DU1000002')] })
    expect(trader.place(3)).toEqual(['error 3 321'])
    expect(trader.place(3, { ...FAR, account: 'DU1000002' })).toEqual([
      'order 3 Submitted',
      'status 3 Submitted 0/100',
    ])
  })

  test('with conditions', () => {
    const conditions = [{ type: 3, conjunctionConnection: 'a', isMore: true, strValue: '20240603 16:00:00' }]
    expect(setUp().trader.place(3, { conditions })).toEqual(['error 3 321'])
  })

  test('in a read-only TWS', () => {
    expect(setUp({ switches: { readOnly: true } }).trader.place(3)).toEqual(['error 3 321'])
  })
})

describe('IB rejects', () => {
  test('what the account cannot pay for', () => {
    const { trader } = setUp()
    expect(trader.place(1, { totalQuantity: 50_000 })).toEqual(['error 1 201', 'status 1 Inactive 0/50000'])
    expect(trader.ask(5, 1)).toEqual(['end of orders'])
    expect(trader.ask(99, 0)).toEqual(['message 101', 'message 102'])
  })

  test('a sixteenth order on one side of a contract', () => {
    const { trader } = setUp()
    for (let id = 1; id <= 15; id++)
      expect(trader.place(id, { ...FAR, totalQuantity: 1 })[0]).toBe(`order ${id} Submitted`)
    expect(trader.place(16, { ...FAR, totalQuantity: 1 })[0]).toBe('error 16 201')
    expect(trader.place(17, { ...FAR, totalQuantity: 1, action: 'SELL', lmtPrice: 900 })[0]).toBe(
      'order 17 Submitted',
    )
    expect(trader.place(18, { ...FAR, totalQuantity: 1, symbol: 'IBM', lmtPrice: 10 })[0]).toBe(
      'order 18 Submitted',
    )
  })
})

test.each([true, false])(
  'an order whose transmit is empty is kept, unless the switch says %s',
  async (emptyTransmits) => {
    const { trader, stage } = setUp({ switches: { emptyTransmits } })
    expect(trader.place(1, { ...FAR, transmit: undefined }).length > 0).toBe(emptyTransmits)
    expect(stage.tws.floor.orders.open.length > 0).toBe(emptyTransmits)
  },
)

describe('a change', () => {
  test('of price and quantity takes the order’s place, under the same ids', () => {
    const { trader, stage } = setUp()
    trader.place(1, FAR)
    expect(trader.place(1, { ...FAR, lmtPrice: 301, totalQuantity: 50 })).toEqual([
      'order 1 Submitted',
      'status 1 Submitted 0/50',
    ])
    const { all } = stage.tws.floor.orders
    expect(all.map(({ terms }) => [terms.limitPrice, terms.quantity])).toEqual([[301, 50]])
  })

  test('to a price that the market has passed trades at once', async () => {
    const { trader } = setUp()
    trader.place(1, FAR)
    trader.place(1, { ...FAR, lmtPrice: 900 })
    expect((await trader.after(4))[0]).toMatch(/^fill 1 BOT/)
  })

  test.each([
    [{ action: 'SELL' }, 105],
    [{ symbol: 'IBM' }, 105],
    [{ orderType: 'MKT' }, 105],
    [{ totalQuantity: 0 }, 434],
    [{ lmtPrice: 0.005 }, 110],
  ])('to %j is refused (%i), and the order goes on', (wish, code) => {
    const { trader, stage } = setUp()
    trader.place(1, FAR)
    expect(trader.place(1, { ...FAR, ...wish })).toEqual([`error 1 ${code}`])
    expect(stage.tws.floor.orders.live[0]!.terms).toMatchObject({
      action: 'BUY',
      limitPrice: 300,
      quantity: 100,
    })
  })

  test('of another client’s order is an order of one’s own', () => {
    const { trader, stage } = setUp()
    trader.place(1, FAR)
    new Trader(stage, 2).place(1, { ...FAR, lmtPrice: 301 })
    expect(stage.tws.floor.orders.live.map(({ clientId, terms }) => [clientId, terms.limitPrice])).toEqual([
      [1, 300],
      [2, 301],
    ])
  })

  test('to less than is filled already is rejected', async () => {
    const { trader, stage } = setUp()
    await stage.arm('partialFills', { with: { shares: 40 } })
    trader.place(1)
    await trader.after(2)
    const { filled } = stage.tws.floor.orders.live[0]!
    expect(trader.place(1, { totalQuantity: filled })).toEqual(['error 1 201'])
  })
})

test('a what-if tells margin and commission, is placed nowhere, and leaves its id free', () => {
  const { trader, stage } = setUp()
  trader.send(4, { whatIf: true, totalQuantity: 200 })
  const [told, ...more] = trader.client.received()
  const at = told!.indexOf('PreSubmitted')
  const [before, , , change, , equityChange, after, , equity] = told!.slice(at + 1, at + 10).map(Number)
  const price = stage.tws.prices.last('SPY')!
  expect([told!.slice(0, 2), told![at - 1], more]).toEqual([['5', '4'], '1', []])
  expect([before, change]).toEqual([0, expect.closeTo(200 * price * 0.25, 1)])
  expect([after, equity, equityChange]).toEqual([change, 1_000_000 + equityChange!, -1])
  expect(told!.slice(at + 10, at + 14)).toEqual([
    '1',
    '1.7976931348623157E308',
    '1.7976931348623157E308',
    'USD',
  ])
  expect([stage.tws.floor.orders.all, stage.tws.orderIds.next(1)]).toEqual([[], 1])
})

test('a global cancel cancels the orders of everyone, each of whom is told', () => {
  const { trader, stage } = setUp()
  const other = new Trader(stage, 2)
  trader.place(1, FAR)
  other.place(9, FAR)
  const cancelled = (id: number) => [
    `status ${id} PendingCancel 0/100`,
    `status ${id} Cancelled 0/100`,
    `error ${id} 202`,
  ]
  expect(trader.ask(58, '', 2147483647)).toEqual(cancelled(1))
  expect(other.told()).toEqual(cancelled(9))
})

test('client 0 binds the orders made at the TWS itself: they get ids of its own, by which it may cancel them', () => {
  const { stage } = setUp()
  const zero = new Trader(stage, 0)
  const byHand = (symbol: string) => {
    const request = { ...REQUEST, contract: { ...REQUEST.contract, symbol } }
    place(stage.tws, { clientId: 0, orderId: 0 }, request)
    return zero.told()
  }
  expect(byHand('SPY')).toEqual(['order 0 Submitted', 'status 0 Submitted 0/10'])
  expect(zero.ask(15, 1, 1)).toEqual(['order -1 Submitted', 'status -1 Submitted 0/10'])
  expect(byHand('QQQ')).toEqual(['order -2 Submitted', 'status -2 Submitted 0/10'])
  expect(zero.cancel(-1).at(-1)).toBe('error -1 202')
  expect(zero.ask(5, 1)).toEqual(['order -2 Submitted', 'status -2 Submitted 0/10', 'end of orders'])
})

describe('while TWS has lost IB', () => {
  test('what is filled is told to nobody, and is in the executions and positions afterwards', async () => {
    const { trader, stage } = setUp()
    trader.ask(61, 1)
    trader.place(1)
    await stage.arm('linkLost', { for: 20 })
    expect(await trader.after(19)).toEqual(['error -1 1100', 'error -1 1100'])
    expect(await trader.after(5)).toEqual(['error -1 1102'])
    expect(trader.ask(7, 3, 5, 0, '', '', '', '', '', '')).toEqual([
      'fill 1 BOT 100',
      'commission 1',
      'message 55',
    ])
    expect(trader.ask(61, 1)).toEqual(['position SPY 100', 'message 62'])
  })

  test('orders and cancels wait until it is found again', async () => {
    const { trader, stage } = setUp()
    trader.place(1, FAR)
    await stage.arm('linkLost', { for: 20 })
    trader.told()
    expect(trader.place(2)).toEqual(['order 2 PendingSubmit', 'status 2 PendingSubmit 0/100'])
    expect(trader.cancel(1)).toEqual(['status 1 PendingCancel 0/100'])
    const told = await trader.after(25)
    expect(told).toEqual(
      expect.arrayContaining([
        'status 1 Cancelled 0/100',
        'error 1 202',
        'order 2 Submitted',
        'fill 2 BOT 100',
      ]),
    )
    expect(stage.tws.floor.orders.all[1]!.activeFrom).toBe(Date.parse('2024-06-03T15:00:20Z'))
  })
})

test('a restart of TWS keeps orders and positions, and moves the order ids on', async () => {
  const { trader, stage } = setUp()
  trader.place(7, FAR)
  trader.place(8)
  await stage.arm('restart', { for: 60 })
  await stage.pass(60)
  const again = new Trader(stage)
  expect(again.greeting.slice(1, 5)).toEqual([
    'message 15',
    'message 9',
    'order 7 Submitted',
    'status 7 Submitted 0/100',
  ])
  expect(stage.tws.orderIds.next(1)).toBe(109)
  expect(again.ask(61, 1)).toEqual(['position SPY 100', 'message 62'])
  expect(again.place(109, FAR)[0]).toBe('order 109 Submitted')
  expect(stage.tws.orderIds.next(1)).toBe(110)
})

const NASTY = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '2147483647',
    '1.7976931348623157E308',
    'NaN',
    'Infinity',
    '1e400',
    ' 1',
    '0x10',
  ),
  fc.constantFrom(
    'BUY',
    'SELL',
    'LMT',
    'STP',
    'TRAIL',
    'MKT',
    'GTC',
    'GTD',
    'SPY',
    '1.5',
    '99.99',
    '\u{1f600}',
  ),
  fc.string({ maxLength: 10 }),
)

test.each(VERSIONS)(
  'an order with any fields is taken or refused at level %i, and the client stays',
  (version) => {
    const stage = new Stage({ market, switches: { masterClientId: 99 } })
    const trader = new Trader(stage, 1, version)
    let id = 0
    const change = fc.record({ at: fc.nat(130), kind: fc.constantFrom('set', 'cut', 'add'), field: NASTY })
    const wish = fc.constantFrom<Wish>(
      {},
      FAR,
      { orderType: 'TRAIL', trailingPercent: 1 },
      { orderType: 'STP LMT', auxPrice: 1, lmtPrice: 1 },
    )
    fc.assert(
      fc.property(wish, fc.array(change, { minLength: 1, maxLength: 3 }), (wished, changes) => {
        const fields = orderRequest(++id, wished, version).map(String)
        for (const { at, kind, field } of changes) {
          const place = 2 + (at % (fields.length - 2))
          fields.splice(place, kind === 'add' ? 0 : 1, ...(kind === 'cut' ? [] : [field]))
        }
        trader.client.send(...fields)
        const told = trader.told()
        expect(trader.client.hungUp).toBe(false)
        for (const line of told) expect(line).toMatch(/^(order|status|error) \d+ /)
        for (const order of stage.tws.floor.orders.live) stage.tws.desk.cancel(order)
        trader.told()
      }),
      { numRuns: 150 },
    )
  },
)

test('a message that has no order id at all ends the connection alone', () => {
  const { trader, stage } = setUp()
  trader.client.send(3, 'x')
  expect([trader.client.hungUp, new Trader(stage, 2).place(1, FAR)[0]]).toEqual([true, 'order 1 Submitted'])
})

test('an order of @stoqey/ib is read field by field, at each level', () => {
  for (const version of VERSIONS) {
    const wish = {
      ...FAR,
      orderRef: 'a reference',
      ocaGroup: 'group',
      ocaType: 2,
      outsideRth: true,
      triggerMethod: 4,
    }
    const { stage } = setUp()
    new Trader(stage, 5, version).place(3, wish)
    expect([version, stage.tws.floor.orders.all[0]!.terms]).toEqual([
      version,
      {
        ...{
          symbol: 'SPY',
          exchange: 'SMART',
          action: 'BUY',
          quantity: 100,
          orderType: 'LMT',
          limitPrice: 300,
        },
        ...{
          auxPrice: null,
          timeInForce: 'GTC',
          goodTillDate: '',
          ocaGroup: 'group',
          ocaType: 2,
          outsideRth: true,
        },
        ...{
          orderRef: 'a reference',
          parentId: 0,
          triggerMethod: 4,
          trailStopPrice: null,
          trailingPercent: null,
        },
        limitOffset: null,
      },
    ])
  }
})
