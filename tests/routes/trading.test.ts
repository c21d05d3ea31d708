import { beforeAll, describe, expect, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { BarSeries } from '../../src/market/series.ts'
import { plus } from '../../src/market/time.ts'
import type { JournalledDecision } from '../../src/ports/decisions.ts'
import { tradingDesk } from '../../src/trading/desk.ts'
import { KillLatch } from '../../src/trading/killLatch.ts'
import { RunningTrader } from '../../src/trading/runningTrader.ts'
import { settleTrader } from '../../src/trading/settle.ts'
import type { AccountPolicy } from '../../src/trading/traderDeps.ts'
import { EVENING as AT, bar, spy } from '../support/bars.ts'
import { newExecution, newIntent, noBars } from '../support/trading.ts'
import { AUTHORIZED, served } from './served.ts'

const running = new RunningTrader()
const latch = new KillLatch()
let accounts: AccountPolicy | null = { kind: 'paper' }

const { ask, stores, deps } = await served(({ stores, market }) => {
  const desk = { ...noBars, stores, market, machine: machineClock, running, latch }
  return {
    trading: {
      ...tradingDesk({ ...desk, accounts }),
      trader: () => tradingDesk({ ...desk, accounts }).trader(),
      change: (order) => tradingDesk({ ...desk, accounts }).change(order),
    },
  }
})

const decision = (i: number, fields: Partial<JournalledDecision> = {}): JournalledDecision => ({
  time: bar(i * 60).time,
  decidedAt: plus(bar(i * 60).time, 60_000),
  close: 178.15,
  position: 'flat',
  breakout: { price: 178.1, pivotTime: AT, confirmedAt: AT },
  swingLow: null,
  movingAverage: 177.9,
  stop: null,
  conditions: [{ name: 'close > breakout', left: 178.15, right: 178.1, holds: true }],
  action: 'none',
  reason: 'close 178.15, which is said, is not enough',
  symbol: 'SPY',
  candle: bar(i * 60),
  barHash: 'b'.repeat(64),
  outcome: 'none',
  hindrance: null,
  intent: null,
  madeAt: plus(bar(i * 60).time, 63_000),
  trader: 1,
  ...fields,
})

const wanted = { mode: 'paper', isSimulated: true, symbols: ['SPY'], stated: {} } as const

beforeAll(async () => {
  const instrument = await stores.instruments.save(spy)
  await stores.bars.load(instrument, '1s', BarSeries.of([bar(0), bar(1)]))
  const make = async (...all: Parameters<typeof newIntent>[0][]) => {
    for (const fields of all) await stores.intents.create(newIntent(fields))
  }
  await make({ id: 'in-1', quantity: 10 })
  await stores.intents.change('in-1', { state: 'filled', filled: 10, averagePrice: 178, endedAt: AT })
  await make({
    id: 'out-1',
    purpose: 'exit',
    side: 'sell',
    parent: 'in-1',
    quantity: 10,
    reason: 'below the stop',
  })
  await stores.intents.change('out-1', { state: 'filled', filled: 10, averagePrice: 179, endedAt: AT })
  await make({
    id: 'no-2',
    state: 'denied',
    orderId: null,
    code: 'maxPosition',
    candleTime: plus(AT, 60_000),
  })
  const fills = [
    { intent: 'in-1', quantity: 10, price: 178, commission: 1 },
    { intent: 'out-1', quantity: 10, price: 179, side: 'sell', commission: 1, time: plus(AT, 60_000) },
  ] as const
  for (const fields of fills) await stores.executions.book(newExecution(fields))
  for (let i = 0; i < 5; i++) await stores.decisions.add(decision(i))
})

test('orders and executions are told newest first, page by page, denied ones too', async () => {
  const first = await ask.get('/v1/orders?limit=2')
  expect(first.body).toMatchObject({ asOf: '2013-10-09T14:00:00Z', reconciled: false })
  expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual(['no-2', 'out-1'])
  const second = await ask.get(`/v1/orders?limit=2&cursor=${first.body.nextCursor}`)
  expect(second.body.items).toMatchObject([{ id: 'in-1', state: 'filled', averagePrice: 178 }])
  expect(second.body.nextCursor).toBe(null)
  const executions = await ask.get('/v1/executions')
  expect(executions.body.items).toMatchObject([
    { order: 'out-1', side: 'sell', commission: 1 },
    { order: 'in-1', side: 'buy' },
  ])
  expect((await ask.get('/v1/executions?cursor=b3JkZXJzOjE')).status).toBe(400)
})

test('a round trip is told with its reasons and what it came to', async () => {
  const { items } = (await ask.get('/v1/trades')).body
  expect(items).toMatchObject([
    {
      ...{
        symbol: 'SPY',
        quantity: 10,
        entryPrice: 178,
        exitPrice: 179,
        grossPnl: 10,
        commission: 2,
        netPnl: 8,
      },
      ...{ entryReason: 'close 178.15 is above the breakout 178.10', exitReason: 'below the stop' },
    },
  ])
  expect((await ask.get('/v1/positions')).body.items).toEqual([])
})

test('an open position is marked to the newest stored price, with the stop that rests below it', async () => {
  await stores.intents.create(newIntent({ id: 'in-3', candleTime: plus(AT, 180_000) }))
  await stores.intents.change('in-3', { state: 'filled', endedAt: AT })
  const stop = {
    id: 'stop-3',
    purpose: 'stop',
    side: 'sell',
    type: 'stop',
    parent: 'in-3',
    stopPrice: 172.66,
  } as const
  await stores.intents.create(newIntent({ ...stop, candleTime: plus(AT, 180_000) }))
  const time = plus(AT, 240_000)
  await stores.executions.book(newExecution({ intent: 'in-3', quantity: 10, price: 178, time }))
  expect((await ask.get('/v1/positions')).body.items).toMatchObject([
    { symbol: 'SPY', quantity: 10, averagePrice: 178, price: 178.15, protectiveStop: 172.66 },
  ])
  expect((await ask.get('/v1/positions')).body.items[0].unrealizedPnl).toBeCloseTo(1.5)
})

test('decisions are told as JSON by range and page, and as CSV', async () => {
  const from = decision(1).time
  const first = await ask.get(`/v1/decisions?from=${new Date(from).toISOString()}&limit=3`)
  expect(first.body.items).toHaveLength(3)
  expect(first.body.items[0]).toMatchObject({
    ...{ symbol: 'SPY', outcome: 'none', order: null, position: 'flat' },
    breakout: { price: 178.1, pivotTime: '2014-01-31T23:40:00Z' },
  })
  const rest = await ask.get(`/v1/decisions?limit=3&cursor=${first.body.nextCursor}`)
  expect(rest.body).toMatchObject({ items: [{ time: '2014-01-31T23:44:00Z' }], nextCursor: null })
  const csv = await ask.get('/v1/decisions').set({ accept: 'text/csv' })
  const lines = csv.text.trimEnd().split('\n')
  expect(lines).toHaveLength(6)
  expect(lines[1]).toContain('"close 178.15, which is said, is not enough"')
  expect((await ask.get('/v1/decisions?symbol=NONE')).status).toBe(404)
})

test('the account is told once the broker has named it', async () => {
  expect((await ask.get('/v1/account')).body.items).toEqual([])
  await stores.transaction(async (tx) => {
    await tx.traders.lock()
    await tx.traders.change({ account: 'DU1', day: { date: '2014-01-31', startEquity: 100_000 } })
  })
  expect((await ask.get('/v1/account')).body.items).toMatchObject([
    { account: 'DU1', accountType: 'paper', netLiquidation: null, day: { startEquity: 100_000 } },
  ])
})

describe('the trader', () => {
  const put = (body: object) => ask.put('/v1/trader').set(AUTHORIZED).send(body)

  test('is shown as stored where no process trades', async () => {
    expect((await ask.get('/v1/trader')).body).toMatchObject({
      ...{ state: 'active', mode: 'paper', symbol: 'SPY', size: '1m', warmup: null },
      strategy: { protectiveStopPct: 3 },
      sizing: { kind: 'shares', shares: 10 },
      limits: { maxPosition: 100, entryLifeMs: 30_000 },
      levels: { breakout: { price: 178.1 } },
      lastDecision: { time: '2014-01-31T23:44:00Z' },
    })
  })

  test('is set by who has the token alone, and that holds from the answer on', async () => {
    expect((await ask.put('/v1/trader').send({ state: 'halted' })).status).toBe(401)
    let nudges = 0
    running.nudge = () => void nudges++
    expect((await put({ state: 'halted' })).body).toMatchObject({ state: 'halted', cause: 'person' })
    expect(nudges).toBe(1)
    expect(await stores.traders.find()).toMatchObject({ level: 'halted', cause: 'person' })
    expect((await put({ state: 'active' })).body).toMatchObject({ state: 'active' })
  })

  test.each([
    [{}, 'state or strategy'],
    [{ state: 'warming' }, 'expected one of'],
    [{ stat: 'off' }, 'did you mean state?'],
    [{ state: 'active', account: 'DU1' }, 'live account'],
    [{ strategy: { protectiveStopPct: null } }, 'expected number'],
  ])('%j is refused', async (body, message) => {
    const answer = await put(body)
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.body)).toContain(message)
  })

  test('keeps its strategy while something is held', async () => {
    expect(await put({ strategy: { left: 5 } })).toMatchObject({ status: 409 })
  })

  test('trades a live account only when armed with its id, and nothing where TRADING is off', async () => {
    accounts = { kind: 'live', account: 'U1234567' }
    expect((await put({ state: 'active' })).body.errors).toMatchObject([{ path: '/account' }])
    expect((await put({ state: 'active', account: 'U7654321' })).status).toBe(422)
    expect((await put({ state: 'active', account: 'U1234567' })).status).toBe(200)
    accounts = null
    expect((await put({ state: 'active' })).body.detail).toContain('TRADING is off')
    expect((await ask.get('/v1/trader')).body).toMatchObject({ state: 'off', mode: 'off' })
    accounts = { kind: 'paper' }
  })

  test('closes everything, and cancels everything with the words that say so', async () => {
    const flat = await ask.post('/v1/trader/flatten').set(AUTHORIZED)
    expect(flat).toMatchObject({ status: 202, body: { state: 'halted', flattening: true } })
    expect(await put({ state: 'active' })).toMatchObject({ status: 409 })
    const panic = (body: object) => ask.post('/v1/trader/panic').set(AUTHORIZED).send(body)
    expect((await panic({})).status).toBe(422)
    expect((await panic({ confirm: 'yes' })).status).toBe(422)
    expect(await panic({ confirm: 'cancel every order' })).toMatchObject({
      status: 202,
      body: { state: 'halted', panicking: true, flattening: false, cause: 'panic' },
    })
    expect((await put({ state: 'halted' })).body).toMatchObject({ panicking: false })
  })
})

test('a later start keeps the settings but for what the file states, and refuses another symbol under a position', async () => {
  const settle = (stated: object) => settleTrader({ stores, market: deps.market }, { ...wanted, stated })
  const before = await stores.traders.find()
  expect((await settle({})).version).toBe(before!.version)
  expect((await settle({ limits: { maxPosition: 50 } })).settings.limits.maxPosition).toBe(50)
  expect((await settle({ size: '1m' })).settings.limits.maxPosition).toBe(50)
  await expect(settle({ symbol: 'IBM' })).rejects.toThrow('symbol of TRADER_CONFIG')
  // A decision on one candle could be acted on after the next has closed.
  await expect(settle({ limits: { maxDecisionAgeMs: 60_000 } })).rejects.toMatchObject({
    kind: 'invalid',
    issues: [
      { path: '/limits/maxDecisionAgeMs', message: expect.stringContaining('shorter than the candles') },
    ],
  })
})

test.each([
  ['2013-10-06', 'the exchange was closed'],
  ['2013-10-09', 'has not closed yet'],
  ['2013-10-08', 'was not warmed up'],
])('the replay of %s is refused with the reason', async (date, reason) => {
  const answer = await ask.get(`/v1/parity?date=${date}`)
  expect(answer.status).toBe(422)
  expect(answer.body.detail).toContain(reason)
})
