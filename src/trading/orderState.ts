import type { EpochMs } from '../market/time.ts'
import type { BrokerOrderStatus, OrderMessageEffect } from '../ports/broker.ts'
import type { Intent, IntentChange, IntentState } from '../ports/intents.ts'

/** What is learnt of an order of ours, whoever tells it and however late. */
export type OrderFact =
  | {
      readonly kind: 'told'
      readonly status: BrokerOrderStatus
      readonly permId: number | null
      readonly reason: string | null
    }
  | {
      readonly kind: 'message'
      readonly effect: OrderMessageEffect
      readonly code: number
      readonly text: string
    }
  /** What all its executions come to; `most` before corrections took shares away. */
  | {
      readonly kind: 'executed'
      readonly filled: number
      readonly most: number
      readonly averagePrice: number | null
    }
  /** Nobody can say whether it arrived. */
  | { readonly kind: 'lost'; readonly detail: string }
  /** We want it cancelled. */
  | { readonly kind: 'cancelling' }

/**
 * How far an order has come. A fact lifts it to its own height and never lowers it, so that facts may come in any order
 * and again (reliability, O3). Only a new sending and the rules of absence move it otherwise.
 */
const HEIGHT: Readonly<Record<IntentState, number>> = {
  denied: 0,
  expired: 0,
  reserved: 0,
  sending: 1,
  unresolved: 2,
  working: 3,
  partial: 3,
  held: 4,
  cancelling: 5,
  cancelled: 6,
  rejected: 7,
  filled: 8,
}

const ENDS: readonly IntentState[] = ['denied', 'filled', 'rejected', 'cancelled', 'expired']

export const isEnd = (state: IntentState): boolean => ENDS.includes(state)

/** The code of what was given up because the broker no longer showed it, not because it said so. */
export const ABSENT = 'absent'

type Shown = Pick<
  Intent,
  'purpose' | 'state' | 'code' | 'quantity' | 'filled' | 'averagePrice' | 'permId' | 'endedAt'
>

/** What a fact changes in an intent; nothing when it says nothing new. */
export function advance(intent: Shown, fact: OrderFact, at: EpochMs): IntentChange {
  const filled = fact.kind === 'executed' ? fact.filled : intent.filled
  const most = fact.kind === 'executed' ? fact.most : intent.filled
  const isAlive = isGivenUp(intent) && isSignOfLife(fact)
  const lifted = higher(isAlive ? 'sending' : intent.state, stateOf(fact, intent))
  const state = withFills(lifted, most, intent.quantity)
  return changesOf(intent, {
    state,
    filled,
    averagePrice: fact.kind === 'executed' ? fact.averagePrice : intent.averagePrice,
    permId: (fact.kind === 'told' ? fact.permId : null) ?? intent.permId,
    endedAt: isEnd(state) ? (intent.endedAt ?? at) : null,
    ...(isAlive && { code: null, detail: null }),
    ...(state !== intent.state && told(fact)),
  })
}

/** That it was not shown for long was taken for its end: what is told of it later proves that wrong. */
const isGivenUp = ({ state, code }: Shown): boolean => state === 'cancelled' && code === ABSENT

const isSignOfLife = (fact: OrderFact): boolean =>
  fact.kind === 'executed' || (fact.kind === 'told' && HEIGHT[TOLD[fact.status]] < HEIGHT.cancelling)

const higher = (a: IntentState, b: IntentState): IntentState => (HEIGHT[b] > HEIGHT[a] ? b : a)

/**
 * Executions alone decide whether it is filled, in part or in whole (O4): by the most that they ever were, for what a
 * correction took away has been filled all the same, whichever of the two came first (O3).
 */
function withFills(state: IntentState, most: number, quantity: number): IntentState {
  if (most >= quantity || state === 'filled') return 'filled'
  const isBelow = HEIGHT[state] <= HEIGHT.working
  return isBelow && most > 0 ? 'partial' : state
}

function stateOf(fact: OrderFact, { purpose }: Pick<Intent, 'purpose'>): IntentState {
  switch (fact.kind) {
    case 'told':
      return fact.status === 'held' && purpose === 'stop' ? 'working' : TOLD[fact.status]
    case 'message':
      return fact.effect === 'held' && purpose === 'stop' ? 'working' : SAID[fact.effect]
    case 'executed':
      return 'reserved'
    case 'lost':
      return 'unresolved'
    case 'cancelling':
      return 'cancelling'
  }
}

/** A status of `filled` is no execution: until those are booked the order is not done. */
const TOLD: Readonly<Record<BrokerOrderStatus, IntentState>> = {
  pending: 'working',
  working: 'working',
  held: 'held',
  cancelling: 'cancelling',
  cancelled: 'cancelled',
  filled: 'working',
}

/** A stop that waits for the market to open is as it should be; anything else that is held was not meant to wait. */
const SAID: Readonly<Record<OrderMessageEffect, IntentState>> = {
  rejected: 'rejected',
  cancelled: 'cancelled',
  held: 'held',
  duplicate: 'unresolved',
  unknown: 'reserved',
  note: 'reserved',
}

function told(fact: OrderFact): Pick<IntentChange, 'code' | 'detail'> {
  switch (fact.kind) {
    case 'told':
      return fact.reason === null ? {} : { detail: fact.reason }
    case 'message':
      return { code: String(fact.code), detail: fact.text }
    case 'lost':
      return { detail: fact.detail }
    default:
      return {}
  }
}

function changesOf(intent: Shown, wanted: IntentChange): IntentChange {
  const before = intent as Readonly<Record<string, unknown>>
  const changed = Object.entries(wanted).filter(([name, value]) => before[name] !== value)
  return Object.fromEntries(changed) as IntentChange
}
