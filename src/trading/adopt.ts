import { exchangeDate } from '../market/session.ts'
import type { BrokerExecution, BrokerSnapshot } from '../ports/broker.ts'
import type { Intent } from '../ports/intents.ts'
import type { Findings } from './comparison.ts'
import { accountOf, type Parts, reportDeps } from './parts.ts'
import { bookExecution, syntheticRoot } from './reports.ts'

/** Executions may come so much later than what says that they are missing. */
const PATIENCE_MS = 10_000

/**
 * What is filled of our orders without an execution that says so, for the broker tells those of today alone (O18): it is
 * booked when the position says the same, under an id that makes it the same however often it is found.
 */
export async function settleOwed(
  parts: Parts,
  snapshot: BrokerSnapshot,
  { owed, position }: Findings,
): Promise<void> {
  const { ledger, view, deps } = parts
  const due = owed.filter(({ intent }) => isDue(parts, intent))
  for (const id of [...parts.owedSince.keys()])
    if (!owed.some(({ intent }) => intent.id === id)) parts.owedSince.delete(id)
  const shares = due.reduce((sum, { intent, shares }) => sum + (intent.side === 'buy' ? shares : -shares), 0)
  if (due.length === 0 || position !== ledger.holding.quantity + view.others + shares) return
  for (const { intent, shares } of due) {
    deps.log.warn(
      { orderRef: intent.orderRef, shares },
      'booked without the executions, which the broker no longer tells',
    )
    const execution = { ...standIn(parts, snapshot), ...nameOf(intent), side: intent.side, quantity: shares }
    const root = syntheticRoot(intent.orderRef)
    const revision = (ledger.bookings.newest(root)?.revision ?? 0) + 1
    await bookExecution(reportDeps(parts), { ...execution, root, revision }, deps.market.now(), true)
  }
}

function isDue({ owedSince, deps }: Parts, { id }: Intent): boolean {
  const now = deps.machine.now()
  const since = owedSince.get(id) ?? now
  owedSince.set(id, since)
  return now - since >= PATIENCE_MS
}

const nameOf = ({ orderRef, orderId, permId }: Intent) => ({
  orderRef,
  orderId: orderId!,
  permId: permId ?? 0,
})

/** Takes a difference over that nothing of ours explains (policy `adopt`). */
export async function adopt(parts: Parts, snapshot: BrokerSnapshot, difference: number): Promise<void> {
  const { deps } = parts
  const now = deps.market.now()
  const root = `adopted.${accountOf(parts)}.${exchangeDate(now)}.${parts.ledger.bookings.all.length}`
  const side = difference > 0 ? 'buy' : 'sell'
  deps.log.warn({ difference }, 'a position that is not ours is taken over')
  const execution = {
    ...standIn(parts, snapshot),
    side,
    quantity: Math.abs(difference),
    root,
    revision: 1,
  } as const
  await bookExecution(reportDeps(parts), execution, now, true)
}

function standIn(
  parts: Parts,
  { positions, takenAt }: BrokerSnapshot,
): Omit<BrokerExecution, 'root' | 'revision'> {
  const { ledger, price } = parts
  const account = accountOf(parts)!
  const held = positions.find((each) => each.account === account && each.symbol === ledger.symbol)
  const known = held && held.quantity !== 0 ? held.averageCost : price?.close
  return {
    ...{ account, symbol: ledger.symbol, orderId: 0, permId: 0, orderRef: '', side: 'buy', quantity: 0 },
    clientId: ledger.clientId ?? 0,
    price: known ?? ledger.holding.averagePrice,
    time: takenAt,
  }
}
