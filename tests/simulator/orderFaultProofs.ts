import { expect } from 'vitest'
import { emptyAccount } from '../../src/simulator/account.ts'
import { Stage, type Terms } from './stage.ts'
import { Trader } from './trader.ts'

const FAR_STOP = { action: 'SELL', orderType: 'STP', auxPrice: 300, tif: 'GTC' }

const ACCEPTED = ['order 1 Submitted', 'status 1 Submitted 0/100']
const FILLED = [
  'fill 1 BOT 100',
  'order 1 Filled',
  'status 1 Filled 100/0',
  'status 1 Filled 100/0',
  'commission 1',
]

/** A client that orders while a fault is on. */
async function under(fault: string, terms: Terms = {}) {
  const accounts = [emptyAccount('DU1234567'), emptyAccount('DU7654321')]
  const stage = new Stage({ accounts, switches: { fillShare: 1 } })
  const trader = new Trader(stage)
  await stage.arm(fault, terms)
  const place = (id: number, wish = {}) => trader.place(id, { account: 'DU1234567', ...wish })
  return { stage, trader, place, after: (seconds: number) => trader.after(seconds) }
}

/** All that is said of a market order from its placing to its end. */
async function lifeUnder(fault: string, terms: Terms = {}): Promise<string[]> {
  const { place, after } = await under(fault, terms)
  return [...place(1), ...(await after(4))]
}

const fillsIn = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('fill'))

/** Each fault of orders by its name, and what it must do. */
export const ORDER_PROOFS: Readonly<Record<string, () => Promise<unknown>>> = {
  async orderRejected() {
    for (const [json, pattern] of [
      ['none', /^$/],
      ['valid', /^\[\{.*\}\]$/],
      ['broken', /^\[\{[^}]*$/],
    ] as const) {
      const { trader, stage } = await under('orderRejected', {
        times: 1,
        with: { json, reason: 'no', status: 'Cancelled' },
      })
      trader.send(1, { account: 'DU1234567' })
      const [error, status] = trader.client.received()
      expect([error!.slice(2, 5), status!.slice(0, 3)]).toEqual([
        ['1', '201', 'Order rejected - reason:no'],
        ['3', '1', 'Cancelled'],
      ])
      expect(error![5]).toMatch(pattern)
      expect(stage.tws.floor.orders.live).toEqual([])
      expect(trader.place(2, { account: 'DU1234567' })[0]).toBe('order 2 Submitted')
    }
    const { place } = await under('orderRejected')
    expect(place(1)).toEqual(['error 1 201', 'status 1 Inactive 0/100'])
    expect(place(2, { transmit: false })).toEqual([])
    expect(place(3, { ...FAR_STOP, parentId: 2 })).toEqual([
      ...['error 2 201', 'status 2 Inactive 0/100', 'status 3 Cancelled 0/100', 'error 3 202'],
    ])
  },
  async orderIdTaken() {
    const { place } = await under('orderIdTaken', { times: 1 })
    expect([place(1), place(1)]).toEqual([['error 1 103'], ACCEPTED])
  },
  async orderUnacknowledged() {
    const { place, trader, after } = await under('orderUnacknowledged', { times: 1 })
    expect([...place(1), ...(await after(4))]).toEqual([])
    expect(trader.ask(7, 3, 5, 0, '', '', '', '', '', '')).toEqual([
      'fill 1 BOT 100',
      'commission 1',
      'message 55',
    ])
    place(2, FAR_STOP)
    expect(trader.ask(5, 1)).toEqual([
      'order 2 PreSubmitted',
      'status 2 PreSubmitted 0/100 trigger',
      'end of orders',
    ])
  },
  async orderLag() {
    const { place, trader, after, stage } = await under('orderLag', { with: { seconds: 20 } })
    expect(place(1)).toEqual([])
    expect([await after(19), trader.ask(16, 1), trader.ask(99, 0)]).toEqual([
      [],
      ['end of orders'],
      ['message 102'],
    ])
    expect([place(1), stage.tws.orderIds.next(1)]).toEqual([[], 2])
    expect(await after(1)).toEqual(ACCEPTED)
    expect(await after(4)).toEqual(FILLED)
  },
  async orderHeld() {
    const { place, after } = await under('orderHeld', { with: { seconds: 30 } })
    expect(place(1)).toEqual(['order 1 PreSubmitted', 'status 1 PreSubmitted 0/100', 'error 1 399'])
    expect(await after(29)).toEqual([])
    expect(await after(5)).toEqual([...ACCEPTED, ...FILLED])
  },
  async orderInactive() {
    const { place, after, trader } = await under('orderInactive')
    expect(place(1)).toEqual(['order 1 Inactive', 'status 1 Inactive 0/100'])
    expect(await after(60)).toEqual([])
    expect(trader.cancel(1)).toEqual([
      'status 1 PendingCancel 0/100',
      'status 1 Cancelled 0/100',
      'error 1 202',
    ])
  },
  async orderNotice() {
    expect(await lifeUnder('orderNotice')).toEqual([...ACCEPTED, 'error 1 10349', ...FILLED])
  },
  async partialFills() {
    const { place, after } = await under('partialFills', { with: { shares: 40 } })
    place(1)
    const told = await after(20)
    expect(fillsIn(told)).toEqual(['fill 1 BOT 40', 'fill 1 BOT 40', 'fill 1 BOT 20'])
    expect(told.slice(0, 4)).toEqual([
      'fill 1 BOT 40',
      'order 1 Submitted',
      'status 1 Submitted 40/60',
      'commission 1',
    ])
    expect(told).toContain('commission 0')
  },
  async fractionalFill() {
    const { place, after } = await under('fractionalFill')
    place(1)
    expect(fillsIn(await after(20))).toEqual(['fill 1 BOT 0.5', 'fill 1 BOT 99.5'])
  },
  async overfill() {
    const { stage, place, after } = await under('overfill', { with: { shares: 10 } })
    place(1)
    expect(await after(4)).toEqual(expect.arrayContaining(['fill 1 BOT 110', 'status 1 Filled 110/0']))
    expect(stage.tws.books.named('DU1234567')!.position('SPY').quantity).toBe(110)
  },
  async wrongAccount() {
    const { stage, place, after } = await under('wrongAccount', { with: { account: 'DU7654321' } })
    place(1)
    await after(4)
    expect(stage.tws.books.all.map((book) => book.position('SPY').quantity)).toEqual([0, 100])
  },
  async cancelLate() {
    const { place, after, trader } = await under('cancelLate', { with: { seconds: 10 } })
    place(1, FAR_STOP)
    expect(trader.cancel(1)).toEqual(['status 1 PendingCancel 0/100 trigger'])
    expect(trader.cancel(1)).toEqual(['error 1 161'])
    expect(await after(10)).toEqual(['status 1 Cancelled 0/100', 'error 1 202'])
    place(2)
    trader.cancel(2)
    expect(fillsIn(await after(20))).toEqual(['fill 2 BOT 100'])
  },
  async fillOnCancel() {
    const { place, trader } = await under('fillOnCancel')
    place(1, { ...FAR_STOP, orderType: 'LMT', lmtPrice: 500 })
    expect(trader.cancel(1).slice(0, 2)).toEqual(['status 1 PendingCancel 0/100', 'fill 1 SLD 100'])
    expect(trader.cancel(1)).toEqual(['error 1 10148'])
  },
  async twoPermIds() {
    const { stage, place } = await under('twoPermIds', { nth: 2 })
    place(1, FAR_STOP)
    place(1, { ...FAR_STOP, auxPrice: 301 })
    const [one, two] = stage.tws.floor.orders.live
    expect([one!.orderId, two!.orderId, one!.terms.auxPrice, two!.terms.auxPrice]).toEqual([1, 1, 300, 301])
    expect(one!.permId).not.toBe(two!.permId)
  },
  async executionCorrected() {
    const { stage, place, after } = await under('executionCorrected', {
      with: { seconds: 10, priceChange: 0.05, share: 0.5 },
    })
    place(1)
    await after(4)
    expect(fillsIn(await after(10))).toEqual(['fill 1 BOT 50'])
    const [first, second] = stage.tws.books.named('DU1234567')!.executions
    expect([second!.id, second!.quantity]).toEqual([first!.id.replace(/01$/, '02'), 50])
    expect(second!.price - first!.price).toBeCloseTo(0.05, 6)
  },
  async statusMissing() {
    expect(await lifeUnder('statusMissing')).toEqual([
      'order 1 Submitted',
      'fill 1 BOT 100',
      'order 1 Filled',
      'commission 1',
    ])
  },
  async statusRepeated() {
    const told = await lifeUnder('statusRepeated')
    expect(told.filter((line) => line.startsWith('status'))).toEqual([
      ...Array(2).fill('status 1 Submitted 0/100'),
      ...Array(4).fill('status 1 Filled 100/0'),
    ])
  },
  async fillBeforeStatus() {
    expect(await lifeUnder('fillBeforeStatus')).toEqual([FILLED[0], ...ACCEPTED, ...FILLED.slice(1)])
  },
  async executionRepeated() {
    expect(await lifeUnder('executionRepeated')).toEqual([...ACCEPTED, FILLED[0], ...FILLED])
  },
  async executionsMissing() {
    const { place, after, trader } = await under('executionsMissing')
    place(1)
    expect(await after(4)).toEqual(FILLED)
    expect(trader.ask(7, 3, 5, 0, '', '', '', '', '', '')).toEqual(['commission 1', 'message 55'])
  },
  async commissionLate() {
    const { place, after } = await under('commissionLate', { with: { milliseconds: 30_000 } })
    place(1)
    expect([await after(4), await after(30)]).toEqual([FILLED.slice(0, -1), ['commission 1']])
  },
  async commissionMissing() {
    expect(await lifeUnder('commissionMissing')).toEqual([...ACCEPTED, ...FILLED.slice(0, -1)])
  },
  async commissionUnset() {
    expect((await lifeUnder('commissionUnset')).at(-1)).toBe('commission 1.7976931348623157E308')
  },
  async completedMissing() {
    const { place, after, trader } = await under('completedMissing')
    place(1)
    await after(4)
    expect(trader.ask(99, 0)).toEqual(['message 102'])
  },
  async positionInParts() {
    const { place, after, trader } = await under('positionInParts')
    trader.ask(61, 1)
    place(1)
    expect((await after(4)).slice(-2)).toEqual(['position SPY 50', 'position SPY 100'])
  },
  async orderDropped() {
    const { place, after, stage } = await under('orderDropped', { times: 1 })
    expect([place(1), await after(10), stage.tws.orderIds.next(1)]).toEqual([[], [], 1])
    expect(place(1)).toEqual(ACCEPTED)
  },
  async orderLostByReset() {
    const { place, trader, stage } = await under('orderLostByReset')
    expect([place(1), trader.client.wasReset, stage.tws.floor.orders.all]).toEqual([[], true, []])
  },
  async acknowledgementLost() {
    const { stage, trader } = await under('acknowledgementLost', { times: 1 })
    trader.send(1, { account: 'DU1234567' })
    await stage.pass(4)
    expect([trader.client.wasReset, stage.tws.floor.orders.all[0]!.status]).toEqual([true, 'Filled'])
  },
  async stopsCancelled() {
    const { place, after } = await under('stopsCancelled', { after: 60, with: { reason: 'by IB' } })
    place(1, FAR_STOP)
    place(2, { ...FAR_STOP, orderType: 'LMT', lmtPrice: 900 })
    expect(await after(60)).toEqual([
      'status 1 PendingCancel 0/100 trigger',
      'status 1 Cancelled 0/100',
      'error 1 202',
    ])
  },
  async orderIdsReset() {
    const { place, after, stage } = await under('orderIdsReset', { after: 60 })
    place(8, FAR_STOP)
    place(9)
    await after(60)
    expect([stage.tws.orderIds.next(1), place(9), place(8, FAR_STOP)[0], place(1)[0]]).toEqual([
      ...[1, ['error 9 104'], 'order 8 PreSubmitted', 'order 1 Submitted'],
    ])
  },
  async manualTrade() {
    const { stage, trader, after } = await under('manualTrade', {
      after: 60,
      with: { symbol: 'SPY', side: 'SLD', quantity: 30, price: 400 },
    })
    trader.ask(61, 1)
    expect([await after(59), await after(1)]).toEqual([[], ['position SPY -30']])
    expect(stage.tws.books.all[0]!.executions).toMatchObject([{ clientId: 0, orderId: 0, price: 400 }])
  },
  async manualOrder() {
    const order = { symbol: 'SPY', action: 'BUY', quantity: 5, orderType: 'LMT', limitPrice: 300 }
    for (const [clientId, orderId] of [
      [0, 0],
      [7, 1],
    ]) {
      const { stage, trader } = await under('manualOrder', { with: { ...order, clientId } })
      expect(trader.ask(16, 1)).toEqual([
        ...[`order ${orderId} Submitted`, `status ${orderId} Submitted 0/5`, 'end of orders'],
      ])
      expect(stage.tws.floor.orders.all).toMatchObject([{ clientId, orderId, account: 'DU1234567' }])
    }
  },
  async manualCancel() {
    const { stage, trader, place, after } = await under('manualCancel', {
      after: 60,
      with: { symbol: 'SPY' },
    })
    place(1, FAR_STOP)
    place(2, { ...FAR_STOP, symbol: 'IBM', auxPrice: 1 })
    expect(await after(60)).toEqual([
      'status 1 PendingCancel 0/100 trigger',
      'status 1 Cancelled 0/100',
      'error 1 202',
    ])
    await stage.arm('manualCancel', { with: { clientId: 1 } })
    expect(trader.told()).toHaveLength(3)
  },
  async positionChanged() {
    const { trader, after } = await under('positionChanged', {
      after: 60,
      with: { symbol: 'SPY', quantity: 400, averageCost: 100, account: 'DU7654321' },
    })
    trader.ask(61, 1)
    expect(await after(60)).toEqual(['position SPY 400'])
  },
}
