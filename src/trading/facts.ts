import { sessionAt } from '../market/session.ts'
import { type EpochMs, later, MINUTE_MS, plus } from '../market/time.ts'
import { newYorkDay, newYorkInstant } from '../market/zone.ts'
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
    sent: sentOf(intents, now),
    ...troubleOf(ledger, trader, now),
    session: sessionAt(now, trader.settings.session),
  }
}

/** In one pass: an order waits for it. */
function sentOf(intents: readonly Intent[], now: EpochMs): OrderFacts['sent'] {
  const midnight = newYorkInstant(newYorkDay(now), 0)
  const [orders, entries] = [
    { minute: 0, day: 0 },
    { minute: 0, day: 0 },
  ]
  for (const { purpose, state, createdAt } of intents) {
    if (purpose === 'stop' || state === 'denied') continue
    const minute = createdAt > now - MINUTE_MS ? 1 : 0
    const day = createdAt >= midnight ? 1 : 0
    orders.minute += minute
    orders.day += day
    if (purpose !== 'entry') continue
    entries.minute += minute
    entries.day += day
  }
  return { orders, entries }
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
