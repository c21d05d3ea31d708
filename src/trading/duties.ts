import type { EpochMs } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import type { Trader } from '../ports/traders.ts'
import type { Verdict } from './absence.ts'
import type { Protection } from './protection.ts'

/** Everything that what must be done follows from. */
export interface Situation {
  /** Market time. */
  readonly now: EpochMs
  readonly trader: Trader
  /** Why nothing may be sent that adds risk, whatever the row says. */
  readonly latch: string | null
  /** All open ones, in the order of making. */
  readonly open: readonly Intent[]
  /** Shares, as our executions say. */
  readonly position: number
  /** Whether a session takes orders, and which id it would give next. */
  readonly session: { readonly number: number; readonly nextOrderId: number } | null
  /** The broker's position was not compared in this session, or is not what we know: nothing is sold on guesses. */
  readonly isDoubtful: boolean
  /** The market for market orders is open. */
  readonly isOpen: () => boolean
  readonly protection: Protection
  /** What the absence of an order from the broker's books means; null for one that is not absent. */
  readonly verdict: (intent: Intent) => Verdict | null
  /** Sent, and unanswered for too long. */
  readonly isUnanswered: (intent: Intent) => boolean
  /** Entries that wait at TWS without their stop. */
  readonly halves: readonly string[]
  /** How often the closing of the position has failed since it was ordered. */
  readonly failedExits: () => number
}

/** One thing to be done now. `key`s that are equal are the same thing tried again. */
export type Duty =
  | { readonly do: 'cancel'; readonly intent: Intent; readonly why: string; readonly isSpare?: boolean }
  | { readonly do: 'send'; readonly intents: readonly Intent[] }
  | { readonly do: 'expire'; readonly intents: readonly Intent[]; readonly why: string }
  | { readonly do: 'bury'; readonly intent: Intent }
  | { readonly do: 'doubt'; readonly intent: Intent; readonly why: string }
  | { readonly do: 'recycle'; readonly why: string }
  | { readonly do: 'renew'; readonly intent: Intent; readonly quantity: number }
  | { readonly do: 'protect'; readonly protection: Extract<Protection, { kind: 'arm' }> }
  | { readonly do: 'amend'; readonly protection: Extract<Protection, { kind: 'amend' }> }
  | { readonly do: 'close'; readonly quantity: number; readonly why: string }
  | { readonly do: 'giveUp'; readonly why: string }
  | { readonly do: 'finish' }
  | { readonly do: 'cancelEverything' }

/** How many exits may fail before a person must see to it. */
const MOST_FAILED_EXITS = 3

/** What must be done now, the most urgent first (reliability, 5.3 to 5.8). It follows from what is, not from what happened. */
export function dutiesOf(situation: Situation): Duty[] {
  const { trader, session } = situation
  const everything: Duty[] = trader.isPanicking && session ? [{ do: 'cancelEverything' }] : []
  const ofOrders = situation.open.flatMap((intent) => dutyOf(intent, situation))
  return [
    ...everything,
    ...ofOrders,
    ...(ofOrders.some(isFirstExit) ? [] : protecting(situation)),
    ...(trader.isFlattening ? flattening(situation) : []),
  ]
}

/** What leaves to sell the position now does without a stop beside it. */
const isFirstExit = (duty: Duty): boolean =>
  duty.do === 'send' && duty.intents.some(({ purpose, state }) => purpose === 'exit' && state === 'reserved')

function dutyOf(intent: Intent, situation: Situation): Duty[] {
  if (situation.isUnanswered(intent)) {
    const why = `order ${intent.orderId} was not answered`
    return [
      { do: 'doubt', intent, why },
      { do: 'recycle', why },
    ]
  }
  switch (intent.purpose) {
    case 'entry':
      return entryDuty(intent, situation)
    case 'exit':
      return exitDuty(intent, situation)
    case 'stop':
      return stopDuty(intent, situation)
  }
}

function entryDuty(entry: Intent, situation: Situation): Duty[] {
  const { open, verdict, session } = situation
  const bracket = [entry, ...open.filter(({ parent }) => parent === entry.id)]
  if (entry.state === 'reserved') return [{ do: 'expire', intents: bracket, why: 'it was not sent' }]
  const why = reasonToCancel(entry, situation)
  switch (verdict(entry)) {
    case 'expire':
      return [{ do: 'expire', intents: bracket, why: 'the broker has never accepted it' }]
    case 'gone':
      return bracket.map((intent) => ({ do: 'bury', intent }))
    case 'resend':
      if (why === null) return session ? [{ do: 'send', intents: bracket }] : []
      break
    default:
  }
  return why !== null && session ? [{ do: 'cancel', intent: entry, why }] : []
}

/** Why an entry that may be at work must not go on, or null. */
function reasonToCancel(entry: Intent, { trader, latch, now, open, halves }: Situation): string | null {
  if (latch !== null) return latch
  if (trader.level !== 'active') return `the trader is ${trader.level}`
  const hasStop = open.some(({ purpose, parent }) => purpose === 'stop' && parent === entry.id)
  if (!hasStop) return 'its stop is gone'
  if (entry.state === 'unresolved' || entry.state === 'sending') return null
  if (now > entry.expiresAt!) return 'it was under way for too long'
  if (entry.state === 'held') return 'the broker holds it'
  if (entry.state === 'cancelling') return 'its cancellation is not confirmed'
  return halves.includes(entry.id) ? 'its stop has not arrived' : null
}

function exitDuty(exit: Intent, { session, position, trader, verdict, isDoubtful }: Situation): Duty[] {
  const isAllowed = trader.level === 'active' || trader.level === 'reducing' || trader.isFlattening
  if (exit.state === 'reserved') {
    if (position <= 0) return [{ do: 'expire', intents: [exit], why: 'there is nothing left to sell' }]
    if (!isAllowed) return [{ do: 'expire', intents: [exit], why: `the trader is ${trader.level}` }]
    if (session === null || isDoubtful) return []
    if (exit.quantity !== position || exit.orderId! < session.nextOrderId)
      return [{ do: 'renew', intent: exit, quantity: position }]
    return [{ do: 'send', intents: [exit] }]
  }
  switch (verdict(exit)) {
    case 'expire':
      return [{ do: 'expire', intents: [exit], why: 'the broker has never accepted it' }]
    case 'gone':
      return [{ do: 'bury', intent: exit }]
    case 'resend':
      return session && !isDoubtful && position >= exit.quantity - exit.filled
        ? [{ do: 'send', intents: [exit] }]
        : []
    default: {
      const isStuck = exit.state === 'held' || exit.state === 'cancelling'
      const isIdle = position <= 0 && ['working', 'partial'].includes(exit.state)
      if (!session || !(isStuck || isIdle)) return []
      return [
        {
          do: 'cancel',
          intent: exit,
          why: isIdle ? 'there is nothing left to sell' : 'it stands still',
          isSpare: isIdle,
        },
      ]
    }
  }
}

function stopDuty(stop: Intent, { session, open, position, verdict }: Situation): Duty[] {
  // It goes the way of the entry that it came with, as long as that is under way.
  if (open.some(({ id }) => id === stop.parent)) return []
  if (stop.state === 'reserved') {
    if (position <= 0) return [{ do: 'expire', intents: [stop], why: 'there is nothing to protect' }]
    if (session === null) return []
    if (stop.orderId! < session.nextOrderId) return [{ do: 'renew', intent: stop, quantity: position }]
    return [{ do: 'send', intents: [stop] }]
  }
  switch (verdict(stop)) {
    case 'expire':
      return [{ do: 'expire', intents: [stop], why: 'the broker has never accepted it' }]
    case 'gone':
      return [{ do: 'bury', intent: stop }]
    case 'resend':
      return session && position > 0 ? [{ do: 'send', intents: [stop] }] : []
    default:
      return session && stop.state === 'cancelling'
        ? [{ do: 'cancel', intent: stop, why: 'its cancellation is not confirmed' }]
        : []
  }
}

/** Whatever the level: a stop never adds risk. Only after a panic, and on doubt about the position, nothing is armed. */
function protecting({ protection, trader, session, isDoubtful }: Situation): Duty[] {
  if (session === null) return []
  switch (protection.kind) {
    case 'none':
      return []
    case 'spare':
      return protection.stops
        .filter(({ state }) => state === 'working' || state === 'partial')
        .map((intent) => ({ do: 'cancel', intent, why: 'it protects nothing', isSpare: true }))
    case 'amend':
      return isDoubtful ? [] : [{ do: 'amend', protection }]
    case 'arm':
      if (isDoubtful || trader.cause === 'panic') return []
      return [{ do: 'protect', protection }]
    case 'lost':
      if (isDoubtful || trader.cause === 'panic' || trader.isFlattening || trader.level === 'halted')
        return []
      return [{ do: 'giveUp', why: 'the stop of the position was lost twice' }]
  }
}

function flattening({ open, position, session, isOpen, isDoubtful, failedExits }: Situation): Duty[] {
  const underWay = open.filter(({ purpose }) => purpose !== 'stop')
  if (underWay.length > 0) return []
  if (position <= 0) return open.length === 0 ? [{ do: 'finish' }] : []
  if (failedExits() >= MOST_FAILED_EXITS) return [{ do: 'finish' }]
  if (session === null || isDoubtful || !isOpen()) return []
  return [{ do: 'close', quantity: position, why: 'the position is closed' }]
}

/** The same thing, tried again, has the same key: it is not tried again at once. */
export function keyOf(duty: Duty): string {
  switch (duty.do) {
    case 'cancel':
    case 'bury':
    case 'doubt':
    case 'renew':
      return `${duty.do} ${duty.intent.id}`
    case 'send':
    case 'expire':
      return `${duty.do} ${duty.intents[0]!.id}`
    case 'amend':
      return `amend ${duty.protection.stop.id} ${duty.protection.terms.quantity} ${duty.protection.terms.stopPrice}`
    default:
      return duty.do
  }
}
