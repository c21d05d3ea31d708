import { expect, test } from 'vitest'
import type { BrokerOrder, BrokerSnapshot } from '../../../src/ports/broker.ts'
import type { BookedExecution } from '../../../src/ports/executions.ts'
import type { Intent } from '../../../src/ports/intents.ts'
import { Bookings } from '../../../src/trading/bookings.ts'
import { compare, newsIn } from '../../../src/trading/comparison.ts'
import { Ledger } from '../../../src/trading/ledger.ts'
import { execution, intent, NOON, trader } from '../samples.ts'

const ACCOUNT = 'DU1234567'
const STOP = intent({ purpose: 'stop', parent: intent().id })

function ledgerOf(intents: readonly Intent[], executions: readonly BookedExecution[] = []): Ledger {
  const ledger = new Ledger('SPY')
  ledger.clientId = 17
  ledger.trader = trader()
  ledger.bookings = Bookings.of(executions)
  for (const each of intents) ledger.put(each)
  return ledger
}

const order = (of: Intent, fields: Partial<BrokerOrder> = {}): BrokerOrder => ({
  ...{
    orderId: of.orderId!,
    clientId: 17,
    permId: 1000 + of.orderId!,
    orderRef: of.orderRef,
    account: ACCOUNT,
  },
  ...{
    symbol: 'SPY',
    side: of.side,
    quantity: of.quantity,
    filled: null,
    type: 'MKT',
    stopPrice: of.stopPrice,
  },
  ...{ status: 'working', reason: null },
  ...fields,
})

const books = (fields: Partial<BrokerSnapshot> = {}): BrokerSnapshot => ({
  ...{
    takenAt: NOON,
    session: 1,
    nextOrderId: 4,
    positions: [],
    openOrders: [],
    executions: [],
    commissions: [],
  },
  completedOrders: [],
  account: {
    ...{ account: ACCOUNT, currency: 'USD', netLiquidation: 1e6, availableFunds: 1e6, buyingPower: 1e6 },
    ...{ cash: 1e6, realizedPnl: 0, unrealizedPnl: 0 },
  },
  ...fields,
})

const held = (quantity: number, averageCost = 100) => [
  { account: ACCOUNT, symbol: 'SPY', quantity, averageCost },
]
const filled = intent({ state: 'filled', filled: 10 })

test('books that are equal have nothing to tell', () => {
  const ledger = ledgerOf([filled, STOP], [execution(1)])
  const found = compare(ledger, books({ positions: held(10), openOrders: [order(STOP)] }), ACCOUNT, 0)
  expect(found).toEqual({
    ...{
      position: 10,
      mismatch: null,
      foreign: null,
      split: null,
      absent: [],
      undead: [],
      halves: [],
      owed: [],
    },
  })
})

test('a position that is not the sum of ours and others is a mismatch (O11)', () => {
  const ledger = ledgerOf([filled], [execution(1)])
  expect(compare(ledger, books({ positions: held(6) }), ACCOUNT, 0).mismatch).toContain('6 shares')
  expect(compare(ledger, books({ positions: held(17) }), ACCOUNT, 7).mismatch).toBeNull()
})

test('four times the shares at a quarter of the cost looks like a split', () => {
  const ledger = ledgerOf([filled], [execution(1)])
  expect(compare(ledger, books({ positions: held(40, 25) }), ACCOUNT, 0).split).toContain('split')
})

test('orders of the symbol that are nobody of ours are foreign (O10); those of other symbols are not looked at', () => {
  const stranger = order(STOP, { orderId: 0, clientId: 0, permId: 5, orderRef: '' })
  const found = (openOrders: BrokerOrder[]) =>
    compare(ledgerOf([]), books({ openOrders }), ACCOUNT, 0).foreign
  expect(found([stranger])).toContain('client 0')
  expect(found([{ ...stranger, symbol: 'IBM' }])).toBeNull()
  expect(found([{ ...stranger, account: 'DU9' }])).toBeNull()
})

test('the order id of another client is not ours', () => {
  const found = compare(
    ledgerOf([intent()]),
    books({ openOrders: [order(intent(), { clientId: 3, orderRef: '', permId: 9 })] }),
    ACCOUNT,
    0,
  )
  expect(found.absent).toHaveLength(1)
  expect(found.foreign).toContain('client 3')
})

test('an open intent that the books show nowhere is absent; a completed order is somewhere', () => {
  const ledger = ledgerOf([intent({ state: 'unresolved' })])
  expect(compare(ledger, books(), ACCOUNT, 0).absent).toHaveLength(1)
  const completed = [order(intent(), { orderId: 0, status: 'cancelled', filled: 0 })]
  expect(compare(ledger, books({ completedOrders: completed }), ACCOUNT, 0).absent).toEqual([])
})

test('what was never sent is not looked for', () => {
  expect(compare(ledgerOf([intent({ state: 'reserved' })]), books(), ACCOUNT, 0).absent).toEqual([])
})

test('an order that had ended and is open is told', () => {
  const ledger = ledgerOf([intent({ state: 'cancelled' })])
  expect(compare(ledger, books({ openOrders: [order(intent())] }), ACCOUNT, 0).undead).toHaveLength(1)
})

test('an entry without its stop waits at TWS untransmitted', () => {
  const ledger = ledgerOf([intent(), STOP])
  expect(compare(ledger, books({ openOrders: [order(intent())] }), ACCOUNT, 0).halves).toHaveLength(1)
  expect(compare(ledger, books({ openOrders: [order(intent()), order(STOP)] }), ACCOUNT, 0).halves).toEqual(
    [],
  )
})

test('shares that a completed order has filled without executions are owed (O18)', () => {
  const ledger = ledgerOf([intent({ state: 'unresolved' })])
  const completedOrders = [order(intent(), { orderId: 0, status: 'filled', filled: 10 })]
  expect(compare(ledger, books({ completedOrders, positions: held(10) }), ACCOUNT, 0).owed).toMatchObject([
    { shares: 10 },
  ])
  const booked = ledgerOf([filled], [execution(1)])
  expect(compare(booked, books({ completedOrders, positions: held(10) }), ACCOUNT, 0).owed).toEqual([])
})

test('only what is not known yet is news', () => {
  const ledger = ledgerOf([filled, STOP], [execution(1)])
  const { ordinal: _, ...told } = execution(1)
  const known = new Set([`${told.root}.1`])
  const snapshot = books({
    executions: [told, { ...told, revision: 2, quantity: 9 }],
    commissions: [{ root: told.root, revision: 1, commission: 1, realizedPnl: null }],
    openOrders: [order(STOP, { permId: 77 })],
  })
  const news = newsIn(ledger, snapshot, (key) => known.has(key))
  expect(news.map(({ kind }) => kind)).toEqual(['execution', 'order'])
  ledger.put({ ...STOP, permId: 77 })
  expect(newsIn(ledger, { ...snapshot, executions: [told] }, (key) => known.has(key))).toEqual([])
})
