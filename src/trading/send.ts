import type { Instrument } from '../market/instrument.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import type { Broker, SendOutcome } from '../ports/broker.ts'
import type { Intent, IntentChange } from '../ports/intents.ts'
import type { Stores } from '../ports/stores.ts'
import { ticketOf } from './draft.ts'
import { lockedTrader } from './intend.ts'
import type { Ledger } from './ledger.ts'
import { orderNews } from './orderNews.ts'

export interface SendDeps {
  readonly stores: Stores
  readonly ledger: Ledger
  readonly broker: Broker
  readonly market: Clock
  readonly instrument: Instrument
  readonly account: () => string | null
  readonly isLeaseHeld: () => boolean
  /** Why nothing may be sent that adds risk, or null. */
  readonly latch: () => string | null
  /** The broker has told something that is not booked yet. */
  readonly isBehind: () => boolean
}

/** `sent` it may exist now · `refused` nothing has left · `unsent` it was not even tried. */
export type Sending =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unsent'; readonly reason: string }

/**
 * Puts intents on the wire in one piece, for the first time or again under the same order ids. Before the first byte it
 * is durable that they may exist (reliability, 5.3): whoever reads the rows later asks the broker.
 */
export async function send(deps: SendDeps, intents: readonly Intent[]): Promise<Sending> {
  const { broker, market } = deps
  const session = broker.session
  const account = deps.account()
  if (session === null || account === null) return { kind: 'unsent', reason: 'there is no session with TWS' }
  const obstacle = objectionTo(deps, intents)
  if (obstacle !== null) return { kind: 'unsent', reason: obstacle }
  const sending = await markSending(deps, intents, session.number)
  if (typeof sending === 'string') return { kind: 'unsent', reason: sending }
  const tickets = sending.map((intent) =>
    ticketOf(intent, { account, instrument: deps.instrument, parent: deps.ledger.intent(intent.parent) }),
  )
  const outcome = await place(broker, tickets, {
    objection: () => objectionTo(deps, intents),
    session: session.number,
    isEntry: intents.some(isEntry),
  })
  await concluded(deps, intents, outcome, market.now())
  return outcome
}

const isEntry = ({ purpose }: Intent): boolean => purpose === 'entry'
const isExit = ({ purpose }: Intent): boolean => purpose === 'exit'

/** A broker that fails on the way does not say whether anything has left. */
const place = async (broker: Broker, ...order: Parameters<Broker['place']>): Promise<SendOutcome> => {
  try {
    return await broker.place(...order)
  } catch {
    return { kind: 'sent' }
  }
}

/**
 * Why the orders may not leave at this very moment, or null. An exit may meet a position that its stop has just sold:
 * what was told of that is booked before it leaves. A stop that is armed sells nothing by itself, and is never kept back.
 */
export function objectionTo(
  { isLeaseHeld, isBehind, latch, market, ledger }: SendDeps,
  intents: readonly Intent[],
): string | null {
  if (!isLeaseHeld()) return 'the lease cannot be relied on'
  if (intents.some(isExit) && isBehind()) return 'the broker has told something that is not booked yet'
  const entry = intents.find(isEntry)
  if (entry === undefined) return null
  if (ledger.trader.level !== 'active') return `the trader is ${ledger.trader.level}`
  return latch() ?? (market.now() > entry.expiresAt! ? 'it is too old to be sent' : null)
}

/** The second commit: from here on the orders may exist. What the trader's row says is read once more under its lock. */
async function markSending(
  { stores, ledger, market }: SendDeps,
  intents: readonly Intent[],
  session: number,
): Promise<Intent[] | string> {
  const done = await stores.transaction(async (tx) => {
    const trader = await lockedTrader(tx)
    if (intents.some(isEntry) && trader.level !== 'active')
      return { trader, sending: `the trader is ${trader.level}` }
    const sending: Intent[] = []
    for (const { id, orderId } of intents) {
      const detail = JSON.stringify({ session })
      await tx.intents.record({ intent: id, orderId, at: market.now(), kind: 'sending', detail })
      const fields = { state: 'sending', sentAt: null, sentInSession: session, absentSince: null } as const
      sending.push(await tx.intents.change(id, fields))
    }
    return { trader, sending }
  })
  ledger.trader = done.trader
  if (typeof done.sending !== 'string') for (const intent of done.sending) ledger.put(intent)
  return done.sending
}

/** What has become of the attempt. What was refused at its first sending is proven never to have left. */
async function concluded(
  { stores, ledger }: SendDeps,
  intents: readonly Intent[],
  outcome: SendOutcome,
  at: EpochMs,
): Promise<void> {
  const changed = await stores.transaction(async (tx) => {
    const changed: Intent[] = []
    for (const before of intents) {
      const kind = outcome.kind
      await tx.intents.record({
        ...{ intent: before.id, orderId: before.orderId, at, kind },
        detail: JSON.stringify(outcome),
      })
      const after = await tx.intents.change(before.id, conclusion(before, outcome, intents.some(isEntry), at))
      await tx.events.append(orderNews(before, after, at))
      changed.push(after)
    }
    return changed
  })
  for (const intent of changed) ledger.put(intent)
}

/** Only what had never been tried before is proven not to have left by a refusal. */
function conclusion(
  { state, sends }: Intent,
  outcome: SendOutcome,
  isBracket: boolean,
  at: EpochMs,
): IntentChange {
  if (outcome.kind === 'sent') return { sends: sends + 1, sentAt: at }
  if (state !== 'reserved') return { state: 'unresolved', detail: outcome.reason }
  if (!isBracket) return { state: 'reserved' }
  return { state: 'expired', code: 'unsent', detail: outcome.reason, endedAt: at }
}
