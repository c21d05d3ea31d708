import { describe, expect, test } from 'vitest'
import { sessionOn } from '../../../src/market/session.ts'
import { type EpochMs, MINUTE_MS, plus, SECOND_MS } from '../../../src/market/time.ts'
import type { BrokerExecution, BrokerReport, BrokerSnapshot, OrderTicket } from '../../../src/ports/broker.ts'
import { ACCOUNT, candleOf, EMPTY, traderStage } from '../traderStage.ts'

const bought = (time: EpochMs, fields: Partial<BrokerExecution>): BrokerReport => ({
  kind: 'execution',
  execution: {
    ...{ root: '0001.1', revision: 1, account: ACCOUNT, symbol: 'SPY', side: 'buy', quantity: 50 },
    ...{ orderId: 0, clientId: 0, permId: 9, orderRef: '', price: 100.6, time },
    ...fields,
  },
})

/** Shares in the account, and an order, that are nobody of ours. */
const STRANGE = { positions: [{ account: ACCOUNT, symbol: 'SPY', quantity: 50, averageCost: 90 }] }
const ORDERED: Partial<BrokerSnapshot> = {
  openOrders: [
    {
      ...{ orderId: 3, clientId: 0, permId: 9, orderRef: '', account: ACCOUNT, symbol: 'SPY', side: 'sell' },
      ...{ quantity: 50, filled: 0, type: 'LMT', stopPrice: null, status: 'working', reason: null },
    },
  ],
}

describe('a position found at the start that is not ours', () => {
  test('stops trading until a person has decided', async () => {
    const { stores, placed, breakOut, end } = await traderStage({ books: STRANGE })
    await breakOut()
    expect(await stores.traders.find()).toMatchObject({
      ...{ level: 'halted', cause: 'start', reason: 'the broker has 50 shares of SPY, we know of 0' },
    })
    expect(placed).toEqual([])
    await end()
  })

  test('is left alone where that is wanted: it is neither counted nor sold', async () => {
    const { stores, placed, breakOut, end } = await traderStage({ books: STRANGE, foreign: 'ignore' })
    await breakOut()
    expect(placed).toMatchObject([
      { side: 'buy', quantity: 10 },
      { side: 'sell', quantity: 10 },
    ])
    expect(await stores.executions.position('SPY')).toBe(0)
    await end()
  })

  test('is taken over where that is wanted, and gets its stop', async () => {
    const { stores, clock, placed, breakOut, end } = await traderStage({ books: STRANGE, foreign: 'adopt' })
    await breakOut()
    await clock.advance(5 * SECOND_MS)
    expect(await stores.executions.position('SPY')).toBe(50)
    expect(placed[0]).toMatchObject({ side: 'sell', type: 'stop', quantity: 50, stopPrice: 87.3 })
    expect(placed.every(({ side }) => side === 'sell')).toBe(true)
    await end()
  })
})

describe('what others do while it trades', () => {
  test('an order of somebody else keeps entries back, and says so', async () => {
    const { stores, placed, breakOut, end } = await traderStage({ books: ORDERED })
    await breakOut()
    expect(placed).toEqual([])
    expect(await stores.decisions.latest('SPY')).toMatchObject({
      ...{ action: 'enter', outcome: 'denied', hindrance: 'foreign: sell 50 LMT of client 0' },
    })
    await end()
  })

  test('is ignored where that is wanted, orders and trades alike', async () => {
    const { clock, placed, tell, show, breakOut, end } = await traderStage({
      books: ORDERED,
      foreign: 'ignore',
    })
    await clock.advance(2 * SECOND_MS)
    tell(bought(clock.now(), {}))
    show(STRANGE)
    await breakOut()
    expect(placed).toMatchObject([
      { side: 'buy', quantity: 10 },
      { side: 'sell', quantity: 10 },
    ])
    await end()
  })
})

test('a decision that comes too late is journalled as missed, and nothing is ordered', async () => {
  const { stores, placed, breakOut, end } = await traderStage()
  await breakOut(75 * SECOND_MS)
  expect(placed).toEqual([])
  expect(await stores.decisions.latest('SPY')).toMatchObject({ action: 'enter', outcome: 'missed' })
  await end()
})

test('the second way to stop takes an entry back at once, and lets no other leave', async () => {
  const { stores, clock, latch, placed, cancelled, breakOut, close, end } = await traderStage()
  await breakOut()
  latch.close('SIGUSR2 has halted it')
  expect(cancelled).toEqual([placed[0]!.orderId])
  await clock.advance(SECOND_MS)
  expect(await stores.traders.find()).toMatchObject({ level: 'halted', reason: 'SIGUSR2 has halted it' })
  close(5, 101)
  await clock.advance(60 * SECOND_MS)
  expect(placed).toHaveLength(2)
  await end()
})

test('too much of a day lost closes what is held once, and halts', async () => {
  const { stores, clock, placed, tell, show, breakOut, end } = await traderStage()
  await breakOut()
  const [entry] = placed
  const { orderId, orderRef } = entry!
  tell(bought(clock.now(), { orderId, orderRef, clientId: 17, quantity: 10 }))
  const positions = [{ account: ACCOUNT, symbol: 'SPY', quantity: 10, averageCost: 100.6 }]
  show({ positions, account: { ...EMPTY.account, netLiquidation: 979_000 } })
  await clock.advance(50 * SECOND_MS)
  expect(await stores.traders.find()).toMatchObject({
    ...{ level: 'halted', cause: 'limit', isFlattening: true },
    reason: "2.10 % of the day's first equity is lost, of at most 2",
  })
  const exits = placed.filter(({ side, type }) => side === 'sell' && type === 'market')
  expect(new Set(exits.map((exit) => `${exit.orderId} ${exit.quantity}`)).size).toBe(1)
  await end()
})

test('shares that look split halt it', async () => {
  const { stores, clock, placed, tell, show, breakOut, end } = await traderStage()
  await breakOut()
  const { orderId, orderRef } = placed[0]!
  tell(bought(clock.now(), { orderId, orderRef, clientId: 17, quantity: 10 }))
  show({ positions: [{ account: ACCOUNT, symbol: 'SPY', quantity: 40, averageCost: 25.15 }] })
  await clock.advance(50 * SECOND_MS)
  expect(await stores.traders.find()).toMatchObject({
    ...{ level: 'halted', cause: 'fault', reason: '10 shares have become 40: this looks like a split' },
  })
  await end()
})

test('a trader without any history is replayed from its first candle on', async () => {
  const { stores, clock, close, warm, end } = await traderStage()
  warm()
  await clock.advance(SECOND_MS)
  expect((await stores.traders.find())!.warmedFrom).toBeNull()
  close(4, 100)
  close(5, 100)
  await clock.advance(SECOND_MS)
  expect((await stores.traders.find())!.warmedFrom).toBe(candleOf(4, 100).candle.time)
  await end()
})

test('a candle that closes behind a fill is decided on with it, whatever else waits', async () => {
  const { stores, clock, placed, tell, close, breakOut, end } = await traderStage()
  await breakOut()
  const [entry] = placed
  expect(entry).toMatchObject({ side: 'buy', quantity: 10 })
  const of = { orderId: entry!.orderId, clientId: 17, permId: 1 }
  const status = { kind: 'status', ...of, filled: 0, remaining: 10, averagePrice: null } as const
  tell({ ...status, status: 'working' })
  tell({ ...status, orderId: of.orderId + 1, permId: 2, status: 'working' })
  await clock.advance(60 * SECOND_MS)
  tell(bought(clock.now(), { ...of, orderRef: entry!.orderRef, quantity: 10 }))
  close(5, 99.7)
  tell({ ...status, status: 'filled', filled: 10, remaining: 0, averagePrice: 100.6 })
  await clock.advance(2 * SECOND_MS)
  expect(placed.slice(2)).toMatchObject([{ side: 'sell', type: 'market', quantity: 10 }])
  const decision = await stores.decisions.find('SPY', candleOf(5, 99.7).candle.time)
  expect(decision).toMatchObject({ position: 'long', action: 'exit', outcome: 'ordered' })
  await end()
})

/** A trader that has held ten shares for a minute, and what its broker tells once their stop has sold them. */
async function holding() {
  const stage = await traderStage()
  const { clock, placed, tell, show, breakOut } = stage
  await breakOut()
  const [entry, stop] = placed as [OrderTicket, OrderTicket]
  const of = ({ orderId, orderRef }: OrderTicket) => ({ orderId, orderRef, clientId: 17, quantity: 10 })
  tell(bought(clock.now(), of(entry)))
  show({ positions: [{ account: ACCOUNT, symbol: 'SPY', quantity: 10, averageCost: 100.6 }] })
  await clock.advance(60 * SECOND_MS)
  const sold = { root: '0002.1', side: 'sell', price: 97.58 } as const
  return { ...stage, stop, stopSold: () => bought(clock.now(), { ...of(stop), ...sold }) }
}

test('an exit does not leave while it waits to be read that the stop has sold', async () => {
  const { stores, clock, placed, tell, close, beforeByte, end, stopSold } = await holding()
  beforeByte(() => tell(stopSold()))
  close(5, 99.7)
  await clock.advance(2 * SECOND_MS)
  const decision = await stores.decisions.find('SPY', candleOf(5, 99.7).candle.time)
  expect(decision).toMatchObject({ position: 'long', action: 'exit', outcome: 'ordered' })
  expect(placed.filter(({ type, side }) => type === 'market' && side === 'sell')).toEqual([])
  await end()
})

test('nor while the stop is told as filled, and what it has sold is not', async () => {
  const { clock, placed, tell, show, close, end, stop, stopSold } = await holding()
  const filled = { filled: 10, remaining: 0, averagePrice: 97.58, permId: 8, status: 'filled' } as const
  tell({ kind: 'status', orderId: stop.orderId, clientId: 17, ...filled })
  close(5, 99.7)
  await clock.advance(100)
  tell(stopSold())
  show({ positions: [] })
  await clock.advance(5 * SECOND_MS)
  expect(placed.filter(({ type, side }) => type === 'market' && side === 'sell')).toEqual([])
  await end()
})

describe('the books of the broker are read', () => {
  const { from: OPEN, to: CLOSE } = sessionOn('2024-06-03', 'rth')!
  const asked = async (at: EpochMs, ms: number) => {
    const stage = await traderStage({ at })
    await stage.clock.advance(ms)
    await stage.end()
    return stage.asked
  }

  test('in the minute before a day starts, and then every forty seconds', async () => {
    const [first, second, ...later] = await asked(plus(OPEN, -8 * MINUTE_MS), 10 * MINUTE_MS)
    expect(Math.max(first!, second!)).toBeLessThan(OPEN - 7 * MINUTE_MS) // equal twice, at the start
    expect(later[0]).toBeGreaterThanOrEqual(OPEN - MINUTE_MS)
    expect(later[0]).toBeLessThan(OPEN)
    const gaps = later.slice(1).map((time, i) => time - later[i]!)
    expect(gaps.length).toBeGreaterThan(2)
    for (const gap of gaps) expect(gap).toBeLessThan(45 * SECOND_MS)
  })

  test('when it has ended, however lately they were, and then seldom', async () => {
    const times = await asked(plus(CLOSE, -10 * SECOND_MS), 14 * MINUTE_MS)
    expect(times.slice(0, 2).every((at) => at < CLOSE)).toBe(true)
    expect(times).toHaveLength(3)
    expect(times[2]).toBeGreaterThanOrEqual(CLOSE)
    expect(times[2]).toBeLessThan(CLOSE + 3 * SECOND_MS)
  })
})
