import { machineClock } from '../../src/clock/machine.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { IbBroker } from '../../src/gateway/ibBroker.ts'
import { ibLiveBars } from '../../src/gateway/liveBars.ts'
import { createLog } from '../../src/log.ts'
import { BarSeries } from '../../src/market/series.ts'
import { type Clock, type EpochMs, later, MINUTE_MS, plus } from '../../src/market/time.ts'
import type { LiveBars } from '../../src/ports/liveBars.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { TraderSettings } from '../../src/ports/traders.ts'
import { listingOf } from '../../src/simulator/listings.ts'
import { closedCandles } from '../../src/trading/candles.ts'
import { KillLatch } from '../../src/trading/killLatch.ts'
import { latestSecond } from '../../src/trading/latestSecond.ts'
import { DEFAULT_SETTINGS } from '../../src/trading/settings.ts'
import type { TraderStanding } from '../../src/trading/standing.ts'
import { runTrader } from '../../src/trading/trader.ts'
import type { TraderDeps } from '../../src/trading/traderDeps.ts'
import { ACCOUNT, CLIENT_ID, minuteCandle, minuteCandles, SYMBOL, tradingDay } from './day.ts'

/** Nothing but the size of an order is limited. */
const NO_LIMIT = 1e12
const LIMITS = {
  ...Object.fromEntries(Object.keys(DEFAULT_SETTINGS.limits).map((name) => [name, NO_LIMIT])),
  ...{ maxPosition: 10, fundsFactor: 1.2, entryLifeMs: 30_000, afterOpenMs: 0, beforeCloseMs: 0 },
} as TraderSettings['limits']

/** Swings of one candle: it trades twice in four minutes. */
const SETTINGS: TraderSettings = {
  ...DEFAULT_SETTINGS,
  size: '1m',
  strategy: { ...DEFAULT_SETTINGS.strategy, left: 1, right: 1, length: 2 },
  limits: LIMITS,
}

const SOON_MS = 200

/** The market's time stands still but for what its bars tell: a whole minute lies between two of them. */
class ToldTime {
  #now: EpochMs
  #newest = 0 as EpochMs

  constructor(start: EpochMs) {
    this.#now = start
  }

  /** A bar that is told again is over. */
  hear(time: EpochMs): void {
    this.#now = later(this.#now, plus(time, time === this.#newest ? MINUTE_MS : SOON_MS))
    this.#newest = time
  }

  readonly clock: Clock = {
    ...machineClock,
    now: () => this.#now,
    sleepUntil: (at, signal) => machineClock.sleep(Math.max(0, at - this.#now), signal),
  }

  /** The same bars, each of which moves the time before anybody hears of it. */
  before(bars: LiveBars): LiveBars {
    return {
      follow: (request, listener) =>
        bars.follow(request, (update) => {
          if (update.kind === 'bar') this.hear(update.bar.time)
          listener(update)
        }),
    }
  }
}

export interface TraderUnderTest {
  readonly standing: () => TraderStanding | null
  stop(): Promise<void>
}

/** The trader as the service wires it, on a TWS at `port`, with no part left out between the socket and the stores. */
export async function startTrader(stores: Stores, port: number, start: EpochMs): Promise<TraderUnderTest> {
  const time = new ToldTime(start)
  const ended = new AbortController()
  const instrument = await stores.instruments.save(described())
  await stores.bars.upsert(instrument, '1s', BarSeries.of([minuteCandle(tradingDay(0), 0)]))
  let standing: TraderStanding | null = null
  const deps = {
    ...{ stores, market: time.clock, machine: machineClock, random: Math.random },
    ...{ alerts: { raise() {}, clear() {}, standing: () => [] }, log: createLog('error') },
  }
  const address = { host: '127.0.0.1', port, clientId: CLIENT_ID }
  const gateway = new Gateway({ ...deps, address })
  const broker = new IbBroker({ ...deps, gateway, clientId: CLIENT_ID, account: ACCOUNT })
  const candles = closedCandles({
    ...{ ...deps, liveBars: time.before(ibLiveBars({ ...deps, gateway })) },
    marketData: {
      historicalBars: async (span) => ({ kind: 'bars', bars: minuteCandles(span), rejected: [] }),
    },
    pacing: { reserve: async () => ({ granted: true, slot: { at: start, sendBefore: start } }) },
  })
  const traderDeps: TraderDeps = {
    ...{ ...deps, broker, candles, latch: new KillLatch(), build: 'bench', accounts: { kind: 'paper' } },
    reign: { epoch: 1, isHeld: () => true },
    first: { level: 'active', settings: SETTINGS },
    latestSecond: () => latestSecond(stores, instrument),
    clockSkewMs: () => gateway.status().clockSkewMs,
    onStanding: (told) => {
      standing = told
    },
    onNudge() {},
  }
  const connected = gateway.run(ended.signal)
  const trading = runTrader(traderDeps, ended.signal)
  trading.catch((error) => console.error(error))
  return {
    standing: () => standing,
    async stop() {
      ended.abort()
      await Promise.all([connected, trading])
    },
  }
}

function described() {
  const { conId, primaryExchange } = listingOf(SYMBOL)!
  return {
    ...{ symbol: SYMBOL, conId, exchange: 'SMART', primaryExchange, currency: 'USD' },
    ...{ minTick: 0.01, priceScale: 10_000 },
  }
}
