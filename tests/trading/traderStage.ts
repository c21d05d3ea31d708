import { seededRandom } from '../../src/market/seededRandom.ts'
import { type EpochMs, MINUTE_MS, plus, SECOND_MS } from '../../src/market/time.ts'
import type { Broker, BrokerReport, BrokerSnapshot, OrderTicket } from '../../src/ports/broker.ts'
import type { CandleSink } from '../../src/trading/closedCandles.ts'
import { KillLatch } from '../../src/trading/killLatch.ts'
import { changedSettings, DEFAULT_SETTINGS } from '../../src/trading/settings.ts'
import { runTrader } from '../../src/trading/trader.ts'
import type { TraderDeps } from '../../src/trading/traderDeps.ts'
import { spy } from '../support/bars.ts'
import { manualClock } from '../support/manualClock.ts'
import { silentLog } from '../support/simulator.ts'
import { memoryDatabase } from '../support/twins/database.ts'
import { NOON } from './samples.ts'

const SETTINGS = changedSettings(DEFAULT_SETTINGS, {
  size: '1m',
  strategy: { left: 1, right: 1, length: 3, ties: 'any', stop: 'latest' },
  limits: { entryLifeMs: 120_000 },
})
const BEGUN = plus(NOON, 4 * MINUTE_MS)
export const ACCOUNT = 'DU1234567'

/** A trader whose broker and candles do what a test says. */
export async function traderStage({ books = {}, foreign = 'refuse', at = BEGUN }: Terms = {}) {
  const { stores } = memoryDatabase()
  await stores.instruments.save(spy)
  const clock = manualClock(at)
  const placed: OrderTicket[] = []
  const cancelled: number[] = []
  const asked: EpochMs[] = []
  const latch = new KillLatch()
  let shown = books
  let beforeByte = (): void => {}
  let [sink, tell]: [CandleSink | null, ((report: BrokerReport) => void) | null] = [null, null]
  const broker: Broker = {
    session: {
      ...{ number: 1, clientId: 17, accounts: [ACCOUNT], accountType: 'paper', nextOrderId: 1 },
      since: NOON,
    },
    suspension: null,
    onReport: (listener) => {
      tell = listener
      return () => {}
    },
    snapshot: async () => {
      asked.push(clock.now())
      return { ...EMPTY, ...shown, takenAt: clock.now() }
    },
    place: async (tickets, { objection }) => {
      beforeByte()
      const reason = objection()
      if (reason !== null) return { kind: 'refused', reason }
      placed.push(...tickets)
      return { kind: 'sent' }
    },
    cancel: async (orderId) => void cancelled.push(orderId),
    cancelEverything: async () => {},
    recycle: () => {},
  }
  const deps: TraderDeps = {
    ...{ stores, broker, market: clock, machine: clock, random: seededRandom(1), build: 'test' },
    ...{ latch, log: silentLog, accounts: { kind: 'paper' } },
    alerts: { raise: () => {}, clear: () => {} } as never,
    first: { level: 'active', settings: { ...SETTINGS, foreign } },
    reign: { epoch: 1, isHeld: () => true },
    candles: {
      follow: async (_, given) => {
        sink = given
      },
    },
    latestSecond: async () => ({ time: plus(clock.now(), -SECOND_MS), close: 100.6 }),
    clockSkewMs: () => 0,
    onStanding: () => {},
    onNudge: () => {},
  }
  const ended = new AbortController()
  const running = runTrader(deps, ended.signal)
  await clock.advance(SECOND_MS)
  return {
    ...{ stores, clock, latch, placed, cancelled },
    /** When the broker's books were asked for. */
    asked,
    tell: (report: BrokerReport) => tell!(report),
    /** The candle of the minute `k` after noon closes, all of it at one price. */
    close: (k: number, at: number) => sink!.candle(candleOf(k, at)),
    /** All candles that there were before are told. */
    warm: () => sink!.warm(),
    /** The candles of a swing, and one that breaks out of it. */
    async breakOut(afterMs = 63 * SECOND_MS) {
      for (const [k, at] of [99.7, 100, 100.4, 100.2].entries()) sink!.candle(candleOf(k, at))
      sink!.warm()
      await clock.advance(afterMs)
      sink!.candle(candleOf(4, 100.6))
      await clock.advance(SECOND_MS)
    },
    /** What the broker's books say from now on. */
    show: (books: Terms['books']) => {
      shown = { ...shown, ...books }
    },
    /** What happens from now on in the moment before an order is written. */
    beforeByte: (happens: () => void) => {
      beforeByte = happens
    },
    async end() {
      ended.abort()
      await clock.advance(0)
      await running
    },
  }
}

interface Terms {
  readonly books?: Partial<BrokerSnapshot>
  readonly foreign?: 'refuse' | 'adopt' | 'ignore'
  /** When it begins; four minutes after noon when nothing is said. */
  readonly at?: EpochMs
}

export const EMPTY: Omit<BrokerSnapshot, 'takenAt'> = {
  ...{ session: 1, nextOrderId: 1, positions: [], openOrders: [], executions: [], commissions: [] },
  completedOrders: [],
  account: {
    ...{ account: ACCOUNT, currency: 'USD', netLiquidation: 1e6, availableFunds: 1e6, buyingPower: 1e6 },
    ...{ cash: 1e6, realizedPnl: 0, unrealizedPnl: 0 },
  },
}

export const candleOf = (k: number, at: number) => {
  const time = plus(NOON, k * MINUTE_MS)
  const candle = { time, open: at, high: at, low: at, close: at, volume: 1, vwap: null, tradeCount: null }
  return { candle, closedAt: plus(time, MINUTE_MS) }
}
