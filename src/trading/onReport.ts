import type { BrokerExecution, BrokerReport } from '../ports/broker.ts'
import type { BookedExecution } from '../ports/executions.ts'
import { accountFor } from './accountCheck.ts'
import { concludeLevel, lowerLevel } from './levels.ts'
import { accountOf, isReachable, type Parts, reportDeps } from './parts.ts'
import { type Applied, applyReport, changeIntent, nameOf } from './reports.ts'

/** Takes in what the broker tells. What it changes is stored before anything follows from it. */
export async function onReport(parts: Parts, report: BrokerReport): Promise<void> {
  if (report.kind === 'session') return onSession(parts, report.state)
  noteTerms(parts, report)
  if (report.kind === 'execution' && parts.known.has(keyOf(report.execution))) return
  const applied = await applyReport(reportDeps(parts), report, parts.deps.market.now())
  if (report.kind === 'execution') parts.known.add(keyOf(report.execution))
  // What the books tell comes as reports too: only what is new has moved.
  if (applied.change || applied.booked || isMoved(parts, report)) parts.moves++
  await heed(parts, report, applied)
}

/** A stop as the broker has it: what it should be may differ until a change has arrived. */
export function noteTerms({ ledger, view }: Parts, report: BrokerReport): void {
  if (report.kind !== 'order') return
  const { order } = report
  view.nextOrderId = Math.max(view.nextOrderId, order.clientId === ledger.clientId ? order.orderId + 1 : 0)
  const intent = ledger.named(nameOf(order))
  if (intent?.purpose !== 'stop' || order.stopPrice === null) return
  view.stops.set(intent.id, { quantity: order.quantity, stopPrice: order.stopPrice })
}

const keyOf = ({ root, revision }: BrokerExecution): string => `${root}.${revision}`

function isMoved({ view, ledger }: Parts, report: BrokerReport): boolean {
  if (report.kind !== 'position' || report.position.symbol !== ledger.symbol) return false
  const before = view.told
  view.told = report.position.quantity
  return before !== view.told
}

async function heed(parts: Parts, report: BrokerReport, { change, booked }: Applied): Promise<void> {
  const { ledger, view } = parts
  const intent = change?.after ?? (booked && ledger.intent(booked.intent)) ?? null
  if (intent) view.heard(intent)
  if (report.kind === 'message' && (report.effect === 'unknown' || report.effect === 'duplicate'))
    parts.isPuzzled = true
  if (report.kind === 'status' && report.status === 'filled' && owed(parts, report)) parts.isPuzzled = true
  if (booked) leaveAlone(parts, booked)
  const { quantity } = ledger.holding
  const isOver = intent !== null && intent.filled > intent.quantity
  if (intent !== null && (quantity < 0 || isOver)) await overfilled(parts, quantity)
}

/** What others trade is no difference between the books where it is to be ignored. */
function leaveAlone({ ledger, view }: Parts, booked: BookedExecution): void {
  const { intent, isSynthetic, account, symbol, side, quantity } = booked
  const { settings, account: ours } = ledger.trader
  const isOthers = intent === null && !isSynthetic && account === ours && symbol === ledger.symbol
  if (isOthers && settings.foreign === 'ignore') view.others += side === 'buy' ? quantity : -quantity
}

/** A status is no execution: where those are missing the books have them. */
function owed(
  { ledger, view }: Parts,
  { orderId, clientId, filled }: Extract<BrokerReport, { kind: 'status' }>,
): boolean {
  const intent = ledger.named({ orderId, clientId })
  if (intent === null || intent.filled >= filled) return false
  view.toldFilled.set(intent.id, filled)
  return true
}

/** Booked as the truth that it is; what becomes of it a person decides (O12, O15). */
async function overfilled({ deps, ledger }: Parts, quantity: number): Promise<void> {
  const reason =
    quantity < 0 ? `${-quantity} more shares were sold than held` : 'more was filled than was ordered'
  deps.log.error({ quantity }, reason)
  ledger.trader = await lowerLevel(
    deps.stores,
    { level: 'halted', reason, cause: 'fault' },
    deps.market.now(),
  )
}

async function onSession(parts: Parts, state: 'ready' | 'suspended' | 'ended'): Promise<void> {
  const { deps, view } = parts
  if (state === 'ready') return beginSession(parts)
  view.end()
  deps.log.info({ state }, 'the broker takes no orders')
  await doubtAll(parts, 'the link was lost before it was answered')
}

/** Nobody can say any more whether what is unanswered has arrived. */
async function doubtAll(parts: Parts, detail: string): Promise<void> {
  const { deps, ledger, view } = parts
  for (const intent of ledger.open.filter(({ state }) => state === 'sending')) {
    await changeIntent(reportDeps(parts), intent, { kind: 'lost', detail }, { detail }, deps.market.now())
    view.sentAt.delete(intent.id)
  }
}

/** Everything is compared anew before anything is opened. The account is looked at in every session. */
export async function beginSession(parts: Parts): Promise<void> {
  const { deps, ledger, view } = parts
  const { session } = deps.broker
  if (session === null || !isReachable(parts)) return
  ledger.clientId = session.clientId
  view.begin(session.number)
  await doubtAll(parts, 'the session has changed')
  const isFree = ledger.open.length === 0 && ledger.holding.quantity === 0
  const isRenamed = isFree && ledger.trader.level === 'active' && ledger.trader.cause === 'person'
  const verdict = accountFor(deps.accounts, session, isRenamed ? null : accountOf(parts))
  if ('refusal' in verdict) {
    parts.accountRefusal = verdict.refusal
    const change = { level: 'halted', reason: verdict.refusal, cause: 'fault' } as const
    ledger.trader = await lowerLevel(deps.stores, change, deps.market.now())
    return
  }
  parts.accountRefusal = null
  if (accountOf(parts) !== verdict.account)
    ledger.trader = await concludeLevel(deps.stores, { account: verdict.account })
}
