import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { event } from '../../openapi/events.ts'
import { nakedTooLong } from '../support/books.ts'
import { getJson, until } from '../support/client.ts'
import { BUSY } from './sawtooth.ts'
import {
  type LiveDecision,
  type TradingService,
  tradingStage,
  untilAgreed,
  untilState,
} from './tradingStage.ts'

interface Candle {
  readonly time: string
  readonly close: number
  readonly coverage: number
}

/** Decisions beside the candles that our own seconds make: exactly one for each. */
async function decided(service: TradingService): Promise<{ told: string[]; stored: string[] }> {
  const decisions = await service.list<LiveDecision>('decisions')
  const [first, last] = [decisions[0]!.time, decisions.at(-1)!.time]
  const range = `symbol=SPY&size=1m&from=${first}&to=${new Date(Date.parse(last) + 60_000).toISOString()}`
  const candles = async () => service.list<Candle>('candles', range)
  await until(async () => (await candles()).every(({ coverage }) => coverage === 1), 20_000)
  return {
    told: decisions.map(({ time, candle }) => `${time} ${candle.close}`),
    stored: (await candles()).map(({ time, close }) => `${time} ${close}`),
  }
}

/** Every fact has its event, each as the contract has it, and what is measured of trading is told. */
async function everythingWasTold({ address, list }: TradingService, trades: number): Promise<void> {
  const { items } = await getJson<{ items: unknown[] }>(`${address}/v1/events/log?limit=10000`)
  const types = items.map((item) => event.parse(item).type)
  const count = (type: string) => types.filter((each) => each === type).length
  const orders = await list<{ state: string; orderId: number | null }>('orders')
  const ended = (state: string) => orders.filter((order) => order.state === state).length
  expect({
    opened: count('trade.opened'),
    closed: count('trade.closed'),
    submitted: count('order.submitted'),
    filled: count('order.filled'),
    cancelled: count('order.cancelled'),
  }).toEqual({
    ...{ opened: trades, closed: trades, submitted: orders.filter(({ orderId }) => orderId !== null).length },
    ...{ filled: ended('filled'), cancelled: ended('cancelled') },
  })
  expect(types).toEqual(expect.arrayContaining(['trader.state', 'gateway.state']))
  const metrics = await (await fetch(`${address}/metrics`)).text()
  for (const name of MEASURED) expect(metrics).toMatch(new RegExp(`^${name}(\\{.*\\})? \\d`, 'm'))
}

const MEASURED = [
  ...['nodejs_eventloop_lag_p99_seconds', 'pivot_engine_tick_late_seconds_sum'],
  ...['pivot_engine_pacing_used', 'pivot_engine_gap_seconds', 'pivot_engine_reconcile_age_seconds'],
  ...['pivot_engine_outbox_age_seconds', 'pivot_engine_unresolved_intents', 'pivot_engine_naked_seconds'],
  'pivot_engine_http_request_seconds_count',
]

test('the default start trades within minutes, on one-minute candles, and says so', async () => {
  const { service: start, books } = await tradingStage({
    ...{ SIM_SEED: '1', SIM_SPEED: '10', SIM_START: '2024-05-31T14:26:00Z' },
  })
  const service = await start()
  expect(service.output()).toMatch(
    /trader +warming up, then active; SPY, 1m candles, 10 shares, a paper account; one-minute candles for the demo/,
  )
  await untilState(service, 'active')
  await until(async () => (await service.list('trades')).length > 0, 75_000)
  await untilAgreed(service, books)
  expect(await service.trader()).toMatchObject({ mode: 'paper', size: '1m', account: 'DU1234567' })
  expect((await fetch(`${service.address}/health/ready`)).status).toBe(200)
}, 150_000)

/** More receivers than are told at a time: each takes what it is sent, and never answers. */
async function silentReceivers({ post }: TradingService): Promise<() => number> {
  let taken = 0
  const server = createServer((socket) => {
    taken += 1
    socket.on('error', () => {}).resume()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  for (let i = 0; i < 10; i++) expect((await post('/v1/webhooks', { url, events: ['*'] })).status).toBe(201)
  return () => taken
}

test('what is told of positions, orders, executions, trades and decisions is what the broker has in its books, whoever hangs of those who are told', async () => {
  const { service: start, books } = await tradingStage()
  const service = await start({ WEBHOOK_ALLOW: 'http,127.0.0.0/8' }, BUSY)
  const taken = await silentReceivers(service)
  await until(async () => (await service.list('trades')).length >= 2, 90_000)
  expect((await service.put({ state: 'reducing' })).status).toBe(200)
  await until(async () => (await service.list('positions')).length === 0, 60_000)
  await untilAgreed(service, books)
  const { executions, cash } = await books()
  const trades = await service.list<{ netPnl: number }>('trades')
  expect(trades.length).toBe(executions.filter(({ side }) => side === 'SLD').length)
  expect(trades.reduce((sum, { netPnl }) => sum + netPnl, 0)).toBeCloseTo(cash - 1_000_000, 2)
  await until(
    async () => (await service.list<{ cash: number }>('account'))[0]!.cash === Math.round(cash * 100) / 100,
    20_000,
  )
  const { told, stored } = await decided(service)
  expect(told).toEqual(stored)
  expect(nakedTooLong(await books())).toEqual([])
  await everythingWasTold(service, trades.length)
  expect(taken()).toBeGreaterThanOrEqual(8)
  expect(await service.end('SIGTERM')).toBe(0)
}, 180_000)

test('an account with real money is refused, whatever the trader was told', async () => {
  const { service: start, books } = await tradingStage({ SIM_ACCOUNT_IDS: 'U1234567' })
  const service = await start({}, BUSY)
  await untilState(service, 'halted')
  expect((await service.trader()).reason).toContain('U1234567 is a live account')
  expect((await service.put({ state: 'active' })).status).toBe(200)
  await until(async () => (await service.trader()).reason?.includes('live account') === true, 10_000)
  await service.end('SIGTERM')

  // Named and armed, it trades; named alone it does not.
  const live = await start({ TRADING: 'live:U1234567' }, BUSY)
  expect(live.output()).toContain('the live account U1234567')
  expect((await live.put({ state: 'active' })).status).toBe(422)
  expect((await books()).orders).toEqual([])
  expect((await live.put({ state: 'active', account: 'U1234567' })).status).toBe(200)
  await untilState(live, 'active')
  await until(async () => (await books()).orders.length > 0, 60_000)
  await untilAgreed(live, books)
}, 150_000)
