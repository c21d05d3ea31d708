import { unavailable } from '../../src/errors.ts'
import { MINUTE_MS, plus } from '../../src/market/time.ts'
import type { JournalledDecision } from '../../src/ports/decisions.ts'
import type { NewExecution } from '../../src/ports/executions.ts'
import type { NewIntent } from '../../src/ports/intents.ts'
import type { Trader } from '../../src/ports/traders.ts'
import { DEFAULT_SETTINGS } from '../../src/trading/settings.ts'
import type { SettledDeps } from '../../src/trading/settledCandles.ts'
import { bar, EVENING } from './bars.ts'

let made = 0

/** An entry at the evening's first candle, reserved, with an id, orderRef and order id of its own. */
export function newIntent(fields: Partial<NewIntent> = {}): NewIntent {
  const number = ++made
  return {
    id: `intent-${number}`,
    purpose: 'entry',
    symbol: 'SPY',
    candleTime: EVENING,
    attempt: 1,
    orderRef: `PB-${number}`,
    orderId: fields.state === 'denied' ? null : number,
    parent: null,
    ocaGroup: `oca-${number}`,
    side: 'buy',
    quantity: 100,
    type: 'market',
    stopPrice: null,
    reason: 'close 178.15 is above the breakout 178.10',
    state: 'reserved',
    code: null,
    detail: null,
    epoch: 3,
    build: 'abc',
    barHash: 'a'.repeat(64),
    risk: '{"position":0}',
    createdAt: EVENING,
    expiresAt: null,
    ...fields,
  }
}

/** A purchase of 100 shares, with a root of its own. */
export function newExecution(fields: Partial<NewExecution> = {}): NewExecution {
  const number = ++made
  return {
    root: `0000e0d5.${number}.01`,
    revision: 1,
    account: 'DU1',
    symbol: 'SPY',
    orderId: number,
    clientId: 7,
    permId: 2_000_000_000 + number,
    orderRef: `PB-${number}`,
    side: 'buy',
    quantity: 100,
    price: 178.1234,
    time: EVENING,
    intent: null,
    isSynthetic: false,
    commission: null,
    realizedPnl: null,
    bookedAt: EVENING,
    ...fields,
  }
}

/** Switched on by a person, before its first session. */
export const newTrader = (fields: Partial<Trader> = {}): Omit<Trader, 'version'> => ({
  level: 'active',
  isFlattening: false,
  isPanicking: false,
  reason: null,
  cause: 'person',
  since: EVENING,
  settings: DEFAULT_SETTINGS,
  account: null,
  lastOrderId: 0,
  warmedFrom: null,
  day: null,
  ...fields,
})

/** What was decided at the close of the evening's minute `i`: nothing. */
export function newDecision(i: number, fields: Partial<JournalledDecision> = {}): JournalledDecision {
  const candle = bar(i * 60)
  const decidedAt = plus(candle.time, MINUTE_MS)
  return {
    time: candle.time,
    decidedAt,
    close: candle.close,
    position: 'flat',
    breakout: { price: 178.25, pivotTime: EVENING, confirmedAt: EVENING },
    swingLow: null,
    movingAverage: 178.012345678901,
    stop: null,
    conditions: [
      { name: 'close > breakout', left: candle.close, right: 178.25, holds: false },
      { name: 'close > moving average', left: candle.close, right: null, holds: false },
    ],
    action: 'none',
    reason: 'close 178.15 is below the breakout 178.25',
    symbol: 'SPY',
    candle,
    barHash: 'a'.repeat(64),
    outcome: 'none',
    hindrance: null,
    intent: null,
    madeAt: plus(decidedAt, 12),
    trader: 4,
    ...fields,
  }
}

/** A broker that is away: what is not stored is not to be had. */
export const noBars: Omit<SettledDeps, 'stores'> = {
  marketData: { historicalBars: () => Promise.reject(unavailable('TWS is away')) },
  pacing: { reserve: () => Promise.reject(unavailable('TWS is away')) },
}
