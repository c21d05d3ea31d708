import type { NewExecution } from '../../src/ports/executions.ts'
import type { NewIntent } from '../../src/ports/intents.ts'
import { EVENING } from './bars.ts'

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
