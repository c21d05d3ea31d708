import { expect, test } from 'vitest'
import { plus } from '../../../src/market/time.ts'
import type { TradingLimits } from '../../../src/ports/traders.ts'
import { mayPass, type OrderFacts, refusalOf } from '../../../src/trading/limits.ts'
import { DEFAULT_SETTINGS } from '../../../src/trading/settings.ts'
import { after, NOON } from '../samples.ts'

const LIMITS: TradingLimits = { ...DEFAULT_SETTINGS.limits, afterOpenMs: 60_000, beforeCloseMs: 300_000 }

/** Nothing stands in the way of buying ten shares at 100. */
const FACTS: OrderFacts = {
  ...{ purpose: 'entry', quantity: 10, now: NOON, level: 'active', isFlattening: false, latch: null },
  ...{ isLeaseHeld: true, position: 0, buying: 0, selling: 0, openOrders: 0, openStops: 0 },
  sent: { orders: { minute: 0, day: 0 }, entries: { minute: 0, day: 0 } },
  ...{ rejects: 0, roundTrips: 0, lossPct: 0.1, price: { at: after(-5), price: 100 }, decisionClose: 100 },
  ...{
    dueAt: after(-2),
    reconciledAt: after(-20),
    mismatch: null,
    foreign: null,
    account: null,
    gateway: null,
  },
  ...{ clockSkewMs: 300, availableFunds: 1_000_000 },
  session: { date: '2024-06-03', from: after(-5_400), to: after(18_000) },
}

test('an order within every limit is not refused', () => {
  expect(refusalOf(FACTS, LIMITS)).toBeNull()
})

const sent = (
  name: 'orders' | 'entries',
  counts: { minute?: number; day?: number },
): Partial<OrderFacts> => ({
  sent: { ...FACTS.sent, [name]: { minute: 0, day: 0, ...counts } },
})

test.each<[string, Partial<OrderFacts>]>([
  ['level', { level: 'reducing' }],
  ['level', { level: 'halted' }],
  ['level', { level: 'off' }],
  ['level', { latch: 'a signal said so' }],
  ['epoch', { isLeaseHeld: false }],
  ['account', { account: 'U1234567 is a live account' }],
  ['unresolved', { openOrders: 1 }],
  ['mismatch', { mismatch: 'the broker has 5 shares' }],
  ['foreign', { foreign: 'buy 5 LMT of client 0' }],
  ['position', { position: 1 }],
  ['position', { position: -1 }],
  ['stop', { openStops: 1 }],
  ['rejectsBeforeReducing', { rejects: 3 }],
  ['roundTripsBeforeReducing', { roundTrips: 5 }],
  ['maxDailyLossPct', { lossPct: 2 }],
  ['gateway', { gateway: 'there is no session' }],
  ['maxReconcileAgeMs', { reconciledAt: after(-61) }],
  ['maxReconcileAgeMs', { reconciledAt: null }],
  ['maxClockSkewMs', { clockSkewMs: 2_001 }],
  ['maxClockSkewMs', { clockSkewMs: -2_001 }],
  ['session', { session: null }],
  ['afterOpenMs', { session: { date: '2024-06-03', from: after(-59), to: after(18_000) } }],
  ['beforeCloseMs', { session: { date: '2024-06-03', from: after(-5_400), to: after(300) } }],
  ['maxDecisionAgeMs', { dueAt: plus(NOON, -10_001) }],
  ['maxBarAgeMs', { price: { at: after(-31), price: 100 } }],
  ['maxBarAgeMs', { price: null }],
  ['maxPriceDistancePct', { price: { at: after(-5), price: 101.1 } }],
  ['maxPriceDistancePct', { price: { at: after(-5), price: 98.9 } }],
  ['maxPosition', { quantity: 101 }],
  ['maxOrderNotional', { quantity: 100, decisionClose: 250.1, price: { at: after(-5), price: 250.1 } }],
  ['ordersPerMinute', sent('orders', { minute: 4 })],
  ['ordersPerDay', sent('orders', { day: 40 })],
  ['entriesPerMinute', sent('entries', { minute: 2 })],
  ['entriesPerDay', sent('entries', { day: 20 })],
  ['fundsFactor', { availableFunds: 1_199 }],
  ['fundsFactor', { availableFunds: null }],
])('an entry is refused for %s', (code, facts) => {
  expect(refusalOf({ ...FACTS, ...facts }, LIMITS)?.code).toBe(code)
})

test('everything held and ordered is counted, at the worse of the prices that are known', () => {
  const limits = { ...LIMITS, maxGrossNotional: 1_005 }
  expect(refusalOf({ ...FACTS, decisionClose: 100.4, price: { at: NOON, price: 100 } }, limits)).toBeNull()
  expect(refusalOf({ ...FACTS, price: { at: NOON, price: 100.6 } }, limits)?.code).toBe('maxGrossNotional')
  expect(refusalOf({ ...FACTS, buying: 91 }, LIMITS)?.code).toBe('maxPosition')
})

const EXIT: OrderFacts = { ...FACTS, purpose: 'exit', position: 10, openStops: 1 }

test('an exit passes the limits of size, price, data, session and number', () => {
  const worst: Partial<OrderFacts> = {
    ...{ price: null, session: null, reconciledAt: null, gateway: 'away', availableFunds: null, lossPct: 50 },
    ...{
      dueAt: after(-900),
      rejects: 9,
      roundTrips: 9,
      clockSkewMs: 60_000,
      foreign: 'somebody',
      latch: 'a signal',
    },
    sent: { orders: { minute: 99, day: 999 }, entries: { minute: 99, day: 999 } },
  }
  expect(refusalOf({ ...EXIT, ...worst }, LIMITS)).toBeNull()
  expect(refusalOf({ ...EXIT, ...worst, level: 'reducing' }, LIMITS)).toBeNull()
})

test.each<[string, Partial<OrderFacts>]>([
  ['level', { level: 'halted' }],
  ['level', { level: 'off' }],
  ['epoch', { isLeaseHeld: false }],
  ['account', { account: 'another account' }],
  ['unresolved', { openOrders: 1 }],
  ['reduces', { quantity: 11 }],
  ['reduces', { selling: 1 }],
  ['reduces', { position: 0 }],
  ['mismatch', { mismatch: 'the broker has 5 shares' }],
])('an exit is refused for %s', (code, facts) => {
  expect(refusalOf({ ...EXIT, ...facts }, LIMITS)?.code).toBe(code)
})

test('what is halted may still be closed when that was ordered', () => {
  expect(refusalOf({ ...EXIT, level: 'halted', isFlattening: true }, LIMITS)).toBeNull()
})

test('a stop is placed at any level, but never for more than is held', () => {
  const stop: OrderFacts = { ...EXIT, purpose: 'stop', level: 'halted', mismatch: 'differs' }
  expect(refusalOf(stop, LIMITS)).toBeNull()
  expect(refusalOf({ ...stop, quantity: 11 }, LIMITS)?.code).toBe('reduces')
})

test('what may be otherwise in a moment is asked again, a limit of risk is not', () => {
  for (const code of ['gateway', 'maxReconcileAgeMs', 'maxBarAgeMs', 'stop'])
    expect(mayPass({ code, detail: '' })).toBe(true)
  for (const code of ['level', 'maxPosition', 'fundsFactor', 'mismatch'])
    expect(mayPass({ code, detail: '' })).toBe(false)
})
