import { type EpochMs, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import type { BookedExecution } from '../../src/ports/executions.ts'
import type { Intent } from '../../src/ports/intents.ts'
import type { Trader } from '../../src/ports/traders.ts'
import { orderRefOf } from '../../src/trading/ids.ts'
import { DEFAULT_SETTINGS } from '../../src/trading/settings.ts'

/** A Monday at 11:00 in New York. */
export const NOON: EpochMs = parseInstant('2024-06-03T15:00:00Z')

export const after = (seconds: number): EpochMs => plus(NOON, seconds * SECOND_MS)

const PURPOSES = { entry: 1, stop: 2, exit: 3 } as const

/** An intent as it is once it works at the broker. */
export function intent(fields: Partial<Intent> = {}): Intent {
  const purpose = fields.purpose ?? 'entry'
  const id = fields.id ?? purpose.toUpperCase().padEnd(26, '0')
  const orderId = fields.orderId === undefined ? PURPOSES[purpose] : fields.orderId
  return {
    ...{ id, purpose, orderId, orderRef: orderRefOf(id), ordinal: orderId ?? 0, symbol: 'SPY' },
    ...{
      candleTime: after(-300),
      attempt: 1,
      parent: null,
      ocaGroup: purpose === 'entry' ? '' : orderRefOf(id),
    },
    ...{
      side: purpose === 'entry' ? 'buy' : 'sell',
      quantity: 10,
      type: purpose === 'stop' ? 'stop' : 'market',
    },
    ...{
      stopPrice: purpose === 'stop' ? 97 : null,
      reason: 'because',
      state: 'working',
      code: null,
      detail: null,
    },
    ...{ epoch: 1, build: 'test', barHash: 'hash', risk: '{"decisionClose":100}', permId: null, filled: 0 },
    ...{
      averagePrice: null,
      createdAt: NOON,
      expiresAt: purpose === 'entry' ? after(30) : null,
      sentAt: NOON,
    },
    ...{ endedAt: null, sends: 1, sentInSession: 1, absentSince: null },
    ...fields,
  }
}

/** An execution of the entry; `n` makes it one of its own. */
export function execution(n: number, fields: Partial<BookedExecution> = {}): BookedExecution {
  return {
    ...{ root: `0000e0d5.${n}`, revision: 1, ordinal: n, intent: intent().id, isSynthetic: false },
    ...{ account: 'DU1234567', symbol: 'SPY', orderId: 1, clientId: 17, permId: 1001 },
    ...{
      orderRef: intent().orderRef,
      side: 'buy',
      quantity: 10,
      price: 100,
      time: after(n),
      bookedAt: after(n),
    },
    ...{ commission: 1, realizedPnl: null },
    ...fields,
  }
}

export const trader = (fields: Partial<Trader> = {}): Trader => ({
  ...{
    level: 'active',
    isFlattening: false,
    isPanicking: false,
    reason: null,
    cause: 'start',
    since: after(-3_600),
  },
  ...{
    settings: DEFAULT_SETTINGS,
    account: 'DU1234567',
    lastOrderId: 0,
    warmedFrom: null,
    day: null,
    version: 1,
  },
  ...fields,
})
