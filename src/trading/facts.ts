import { exchangeDate, sessionAt } from '../market/session.ts'
import { type EpochMs, later, MINUTE_MS, plus } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import type { Trader } from '../ports/traders.ts'
import type { Ledger } from './ledger.ts'
import type { OrderFacts } from './limits.ts'

/** What is known of the world at this moment, besides what is stored. */
export type World = Pick<
  OrderFacts,
  | 'latch'
  | 'isLeaseHeld'
  | 'lossPct'
  | 'price'
  | 'reconciledAt'
  | 'mismatch'
  | 'foreign'
  | 'account'
  | 'gateway'
  | 'clockSkewMs'
  | 'availableFunds'
>

export type Wanted = Pick<OrderFacts, 'purpose' | 'quantity' | 'decisionClose' | 'dueAt'>

const THROTTLE_MS = 30 * MINUTE_MS

/** What an order is judged by. `position` is that of the transaction, as `trader` is. */
export function factsOf(
  ledger: Ledger,
  trader: Trader,
  position: number,
  world: World,
  wanted: Wanted,
  now: EpochMs,
): OrderFacts {
  const { open, intents } = ledger
  const orders = intents.filter(({ purpose, state }) => purpose !== 'stop' && state !== 'denied')
  const entries = orders.filter(({ purpose }) => purpose === 'entry')
  const remaining = (purpose: Intent['purpose']) =>
    open
      .filter((each) => each.purpose === purpose)
      .reduce((sum, each) => sum + each.quantity - each.filled, 0)
  return {
    ...world,
    ...wanted,
    now,
    level: trader.level,
    isFlattening: trader.isFlattening,
    position,
    buying: remaining('entry'),
    selling: remaining('exit'),
    openOrders: open.filter(({ purpose }) => purpose !== 'stop').length,
    openStops: open.filter(({ purpose }) => purpose === 'stop').length,
    sent: { orders: countsOf(orders, now), entries: countsOf(entries, now) },
    ...troubleOf(ledger, trader, now),
    session: sessionAt(now, trader.settings.session),
  }
}

function countsOf(intents: readonly Intent[], now: EpochMs): { minute: number; day: number } {
  const today = exchangeDate(now)
  return {
    minute: intents.filter(({ createdAt }) => createdAt > now - MINUTE_MS).length,
    day: intents.filter(({ createdAt }) => exchangeDate(createdAt) === today).length,
  }
}

/** Rejects and round trips within half an hour; a person who sets the level begins to count anew. */
export function troubleOf(
  { intents, holding }: Ledger,
  { cause, since }: Trader,
  now: EpochMs,
): Pick<OrderFacts, 'rejects' | 'roundTrips'> {
  const from = later(plus(now, -THROTTLE_MS), cause === 'person' ? since : plus(now, -THROTTLE_MS))
  const rejects = intents.filter(({ state, endedAt }) => state === 'rejected' && endedAt! >= from)
  const trips = holding.closed.filter(({ executions }) => executions.at(-1)!.time >= from)
  return { rejects: rejects.length, roundTrips: trips.length }
}
