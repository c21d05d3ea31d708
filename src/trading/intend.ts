import type { Instrument } from '../market/instrument.ts'
import type { Bar } from '../market/series.ts'
import type { EpochMs, Random } from '../market/time.ts'
import type { JournalledDecision } from '../ports/decisions.ts'
import type { NewEvent } from '../ports/events.ts'
import type { Intent, IntentPurpose, NewIntent } from '../ports/intents.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader } from '../ports/traders.ts'
import { bracket, draft, type Stamp, stopReason } from './draft.ts'
import { factsOf, type World } from './facts.ts'
import { barHash } from './ids.ts'
import type { Ledger } from './ledger.ts'
import { mayPass, type Refusal, refusalOf } from './limits.ts'

export interface IntendDeps {
  readonly stores: Stores
  readonly ledger: Ledger
  readonly random: Random
  readonly epoch: number
  readonly build: string
  readonly instrument: Instrument
}

/** An order that is wanted. */
export interface Wish {
  readonly purpose: IntentPurpose
  readonly quantity: number
  readonly reason: string
  /** The candle decided on, or the newest. */
  readonly candle: Bar
  /** From when it could be ordered. */
  readonly dueAt: EpochMs
  /** Of a stop. */
  readonly stopPrice: number | null
  /** The cancel-all group to join; null for one of its own. */
  readonly ocaGroup: string | null
  /** Of a stop or exit: the entry of the position. */
  readonly parent: string | null
  /** The decision that it is, to be journalled with it, and what else happened with it. */
  readonly decision: Omit<JournalledDecision, 'outcome' | 'hindrance' | 'intent' | 'trader'> | null
  readonly events: readonly NewEvent[]
  /** A refusal that may pass in a moment is no denial yet. */
  readonly mayWait: boolean
}

export type Intended =
  | { readonly kind: 'made'; readonly intents: readonly Intent[] }
  | { readonly kind: 'denied'; readonly refusal: Refusal }
  /** Nothing is written: ask again in a moment. */
  | { readonly kind: 'waits'; readonly refusal: Refusal }

/**
 * One transaction under the lock of the trader's row: what it says holds at the commit. The limits are checked, and the
 * order is durable, with its number, before anything can be sent (reliability, 5.3).
 */
export async function intend(
  deps: IntendDeps,
  wish: Wish,
  world: World,
  nextOrderId: number,
  at: EpochMs,
): Promise<Intended> {
  const { stores, ledger } = deps
  const done = await stores.transaction(async (tx) => {
    const trader = await lockedTrader(tx)
    const position = await tx.executions.position(ledger.symbol)
    const wanted = { ...wish, decisionClose: wish.candle.close }
    const facts = factsOf(ledger, trader, position, world, wanted, at)
    const refusal = refusalOf(facts, trader.settings.limits)
    if (refusal && wish.mayWait && mayPass(refusal)) return { kind: 'waits', refusal, trader } as const
    // What the program itself wants is wanted again: a row for each try would tell nothing.
    if (refusal && wish.decision === null) return { kind: 'denied', refusal, trader, intents: [] } as const
    const stamp = stampOf(deps, wish, JSON.stringify(facts), at)
    if (refusal) {
      const denied = await tx.intents.create(deniedIntent(deps, stamp, wish, refusal))
      await journal(tx, wish, trader, { intent: denied, hindrance: refusal })
      return { kind: 'denied', refusal, trader, intents: [denied] } as const
    }
    const orderId = Math.max(trader.lastOrderId + 1, nextOrderId)
    const drafts = draftsOf(deps, stamp, trader, wish, orderId)
    const intents: Intent[] = []
    for (const each of drafts) intents.push(await tx.intents.create(each))
    const changed = await tx.traders.change({ lastOrderId: orderId + drafts.length - 1 })
    await journal(tx, wish, changed, { intent: intents[0]!, hindrance: null })
    return { kind: 'made', intents, trader: changed } as const
  })
  ledger.trader = done.trader
  if (done.kind !== 'waits') for (const intent of done.intents) ledger.put(intent)
  return done
}

export async function lockedTrader(tx: Stores): Promise<Trader> {
  const trader = await tx.traders.lock()
  if (trader === null) throw new Error('the row of the trader is gone')
  return trader
}

function stampOf(
  { random, epoch, build, ledger }: IntendDeps,
  { candle, decision }: Wish,
  risk: string,
  at: EpochMs,
): Stamp {
  const hash = decision?.barHash ?? barHash(candle)
  return { at, random, epoch, build, candle, barHash: hash, symbol: ledger.symbol, risk }
}

const attemptOf = ({ ledger }: IntendDeps, { purpose, candle }: Wish): number =>
  1 +
  ledger.intents.reduce(
    (most, each) =>
      each.purpose === purpose && each.candleTime === candle.time ? Math.max(most, each.attempt) : most,
    0,
  )

function draftsOf(
  deps: IntendDeps,
  stamp: Stamp,
  { settings }: Trader,
  wish: Wish,
  orderId: number,
): NewIntent[] {
  // One entry for a candle, whatever became of it: the index of the table refuses a second.
  if (wish.purpose === 'entry')
    return bracket(stamp, settings, deps.instrument, { ...wish, orderId, attempt: 1 })
  const { stopPrice, reason } = wish
  return [
    draft(stamp, {
      ...wish,
      attempt: attemptOf(deps, wish),
      orderId,
      expiresAt: null,
      reason: stopPrice === null ? reason : stopReason(stopPrice),
    }),
  ]
}

function deniedIntent(deps: IntendDeps, stamp: Stamp, wish: Wish, { code, detail }: Refusal): NewIntent {
  const terms = { ...wish, attempt: attemptOf(deps, wish), orderId: null, expiresAt: null }
  return { ...draft(stamp, terms), state: 'denied', code, detail }
}

async function journal(
  tx: Stores,
  { decision, events }: Wish,
  trader: Trader,
  made: { readonly intent: Intent; readonly hindrance: Refusal | null },
): Promise<void> {
  const { intent, hindrance } = made
  const outcome = hindrance === null ? 'ordered' : 'denied'
  if (decision !== null)
    await tx.decisions.add({
      ...decision,
      outcome,
      hindrance: hindrance && `${hindrance.code}: ${hindrance.detail}`,
      intent: intent.id,
      trader: trader.version,
    })
  await tx.events.append(events)
}
