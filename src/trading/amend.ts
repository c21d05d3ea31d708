import type { Intent } from '../ports/intents.ts'
import { stopReason, ticketOf } from './draft.ts'
import { accountOf, type Parts, sendDeps } from './parts.ts'
import type { StopTerms } from './protection.ts'
import { objectionTo } from './send.ts'

/**
 * Gives a stop at work other terms, under its own number: it is never gone in between. What it should be is stored
 * first; until the broker tells the same, it is said again.
 */
export async function amend(parts: Parts, stop: Intent, terms: StopTerms): Promise<void> {
  const { deps, ledger, view, instrument } = parts
  const at = deps.market.now()
  const changed = await deps.stores.transaction(async (tx) => {
    const event = { intent: stop.id, orderId: stop.orderId, at, kind: 'amended' }
    await tx.intents.record({ ...event, detail: JSON.stringify(terms) })
    return tx.intents.change(stop.id, { ...terms, reason: stopReason(terms.stopPrice) })
  })
  ledger.put(changed)
  const [{ session }, account] = [deps.broker, accountOf(parts)]
  const known = view.stops.get(stop.id)
  const isThere = known?.quantity === terms.quantity && known.stopPrice === terms.stopPrice
  if (isThere || session === null || account === null) return
  const ticket = ticketOf(changed, { account, instrument, parent: ledger.intent(stop.parent) })
  const permit = {
    objection: () => objectionTo(sendDeps(parts), [changed]),
    session: session.number,
    isEntry: false,
  }
  await deps.broker.place([ticket], permit).catch(() => {})
}
