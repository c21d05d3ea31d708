import type { Bar } from '../market/series.ts'
import { type EpochMs, plus } from '../market/time.ts'
import type { Intent, IntentChange } from '../ports/intents.ts'
import { amend } from './amend.ts'
import { entryOf, exitOf, intendDeps, sellingGroup, sendNow } from './decisions.ts'
import type { Duty } from './duties.ts'
import { intend, type Wish } from './intend.ts'
import { concludeLevel, lowerLevel } from './levels.ts'
import { orderNews } from './orderNews.ts'
import { ABSENT } from './orderState.ts'
import { nextOrderId, type Parts, reportDeps, worldOf } from './parts.ts'
import type { StopTerms } from './protection.ts'
import { changeIntent } from './reports.ts'

/** Does one thing that must be done. */
export async function perform(parts: Parts, duty: Duty): Promise<void> {
  const { deps, ledger } = parts
  switch (duty.do) {
    case 'cancel':
      return cancel(parts, duty.intent, duty.why)
    case 'send':
      return sendNow(parts, duty.intents)
    case 'expire':
      return expire(parts, duty.intents, duty.why)
    case 'bury':
      return end(parts, [duty.intent], {
        state: 'cancelled',
        code: ABSENT,
        detail: 'the broker no longer shows it',
      })
    case 'doubt':
      parts.view.sentAt.delete(duty.intent.id)
      return void (await changeIntent(
        reportDeps(parts),
        duty.intent,
        { kind: 'lost', detail: duty.why },
        { why: duty.why },
        deps.market.now(),
      ))
    case 'recycle':
      return deps.broker.recycle(duty.why)
    case 'renew':
      return renew(parts, duty.intent, duty.quantity)
    case 'protect':
      return protect(parts, duty.protection.terms)
    case 'amend':
      return amend(parts, duty.protection.stop, duty.protection.terms)
    case 'close':
      return close(parts, duty.quantity, duty.why)
    case 'giveUp': {
      const change = { level: 'halted', isFlattening: true, reason: duty.why, cause: 'fault' } as const
      ledger.trader = await lowerLevel(deps.stores, change, deps.market.now())
      return
    }
    case 'finish':
      ledger.trader = await concludeLevel(deps.stores, { isFlattening: false, level: 'halted' })
      return
    case 'cancelEverything':
      return cancelEverything(parts)
  }
}

/** Asked for again until it could be sent. */
async function cancelEverything(parts: Parts): Promise<void> {
  const { deps, ledger } = parts
  const isSent = await deps.broker.cancelEverything().then(
    () => true,
    () => false,
  )
  if (isSent) ledger.trader = await concludeLevel(deps.stores, { isPanicking: false })
  parts.isPuzzled = true
}

/** Should one of them have arrived after all, it is not to work: a cancel of what is not there harms nothing. */
async function expire(parts: Parts, intents: readonly Intent[], why: string): Promise<void> {
  await end(parts, intents, { state: 'expired', code: 'expired', detail: why })
  for (const { orderId, state } of intents)
    if (state !== 'reserved') await parts.deps.broker.cancel(orderId!).catch(() => {})
}

/** What may not exist at the broker keeps its state: the broker's books decide. */
async function cancel(parts: Parts, intent: Intent, why: string): Promise<void> {
  const { deps } = parts
  const isKnown = intent.state !== 'sending' && intent.state !== 'unresolved'
  const isAgain = !isKnown || intent.state === 'cancelling'
  deps.log[isAgain ? 'debug' : 'info']({ orderRef: intent.orderRef, why }, 'an order is cancelled')
  if (isKnown)
    await changeIntent(reportDeps(parts), intent, { kind: 'cancelling' }, { why }, deps.market.now())
  await deps.broker.cancel(intent.orderId!).catch(() => {})
}

async function end(
  { deps, ledger, view }: Parts,
  intents: readonly Intent[],
  fields: IntentChange,
): Promise<void> {
  const endedAt = deps.market.now()
  const changed = await deps.stores.transaction(async (tx) => {
    const changed: Intent[] = []
    for (const before of intents) {
      const after = await tx.intents.change(before.id, { ...fields, endedAt })
      const event = { intent: before.id, orderId: before.orderId, at: endedAt, kind: after.state }
      await tx.intents.record({ ...event, detail: JSON.stringify(fields) })
      await tx.events.append(orderNews(before, after, endedAt))
      changed.push(after)
    }
    return changed
  })
  for (const intent of changed) ledger.put(intent)
  for (const { id } of intents) view.sentAt.delete(id)
}

/** Proven unsent, and its number or size no longer fits: another takes its place. */
async function renew(parts: Parts, intent: Intent, quantity: number): Promise<void> {
  await end(parts, [intent], { state: 'expired', code: 'renewed', detail: 'another takes its place' })
  const { reason, ocaGroup, parent, purpose, stopPrice, candleTime } = intent
  const candle = { ...newestCandle(parts), time: candleTime }
  await order(parts, { purpose, quantity, reason, ocaGroup, parent, stopPrice, candle })
}

function protect(parts: Parts, { quantity, stopPrice }: StopTerms): Promise<void> {
  const { ledger } = parts
  const [parent, ocaGroup] = [entryOf(ledger), sellingGroup(ledger)]
  const candle = newestCandle(parts)
  return order(parts, { purpose: 'stop', quantity, stopPrice, reason: '', ocaGroup, parent, candle })
}

const close = (parts: Parts, quantity: number, reason: string): Promise<void> =>
  order(parts, { ...exitOf(parts), quantity, reason, stopPrice: null, candle: newestCandle(parts) })

/** Makes an order of the program's own, not of a decision, and sends it. */
async function order(
  parts: Parts,
  terms: Omit<Wish, 'dueAt' | 'decision' | 'events' | 'mayWait'>,
): Promise<void> {
  const { deps } = parts
  const now = deps.market.now()
  const wish: Wish = { ...terms, dueAt: now, decision: null, events: [], mayWait: true }
  const intended = await intend(intendDeps(parts), wish, worldOf(parts), nextOrderId(parts), now)
  if (intended.kind === 'made') return sendNow(parts, intended.intents)
  deps.log.warn({ ...intended.refusal, purpose: terms.purpose }, 'an order was denied')
}

/** Where no candle was seen yet, the minute stands for it. */
function newestCandle({ decider, deps, price }: Parts): Bar {
  const { bars } = decider
  if (bars.length > 0) return bars.at(bars.length - 1)
  const at = deps.market.now()
  const close = price?.close ?? 0
  const time = plus(at, -(at % 60_000)) as EpochMs
  return { time, open: close, high: close, low: close, close, volume: 0, vwap: null, tradeCount: null }
}
