import { exchangeDate } from '../market/session.ts'
import type { BrokerSnapshot } from '../ports/broker.ts'
import { adopt, settleOwed } from './adopt.ts'
import { compare, type Findings, newsIn } from './comparison.ts'
import type { AskedBooks } from './inbox.ts'
import { concludeLevel, type LevelChange, lowerLevel } from './levels.ts'
import { noteTerms, onReport } from './onReport.ts'
import { accountOf, lossOf, type Parts } from './parts.ts'

/** Asks for the broker's books; the answer comes as an item like any other, behind all that was told before it. */
export function askBooks(parts: Parts): void {
  const { deps, inbox, moves } = parts
  const askedAt = deps.machine.now()
  parts.isPuzzled = false
  parts.isAsking = true
  const answer = (snapshot: BrokerSnapshot | null): void =>
    inbox.put({ kind: 'books', books: { snapshot, askedAt, moves } })
  deps.broker.snapshot().then(answer, () => answer(null))
}

/** Takes in what the books tell, and compares them with ours. */
export async function onBooks(parts: Parts, { snapshot, askedAt, moves }: AskedBooks): Promise<void> {
  const { ledger, view, inbox } = parts
  parts.isAsking = false
  const account = accountOf(parts)
  if (snapshot === null || account === null || snapshot.session !== view.session) return
  // What moved while they were read may be in one part of them and not in another.
  const isDisturbed = parts.moves !== moves || inbox.has('report')
  const news = newsIn(ledger, snapshot, (execution) => parts.known.has(execution))
  for (const report of news) await onReport(parts, report)
  for (const order of snapshot.openOrders) noteTerms(parts, { kind: 'order', order })
  const found = compare(ledger, snapshot, account, view.others)
  const findings = ledger.trader.settings.foreign === 'ignore' ? { ...found, foreign: null } : found
  if (isDisturbed) {
    view.seen(snapshot, findings, askedAt)
    parts.isPuzzled = true
    return
  }
  view.compared(snapshot, findings, askedAt)
  await actOn(parts, snapshot, findings)
}

async function actOn(parts: Parts, snapshot: BrokerSnapshot, findings: Findings): Promise<void> {
  const { deps, view, ledger } = parts
  const { undead, position, split } = findings
  await settleOwed(parts, snapshot, findings)
  if (split !== null) await lower(parts, { level: 'halted', reason: split, cause: 'fault' })
  if (position + view.others < 0) {
    const reason = `the broker is short of ${-position} shares of ${ledger.symbol}`
    await lower(parts, { level: 'halted', reason, cause: 'fault' })
  }
  for (const { orderId } of undead) {
    view.foreign ??= `order ${orderId} had ended and is open at the broker`
    await deps.broker.cancel(orderId).catch(() => {})
  }
  if (split === null) await settleStrange(parts, snapshot, findings)
  await watchLoss(parts)
}

const lower = async ({ deps, ledger }: Parts, change: LevelChange): Promise<void> => {
  ledger.trader = await lowerLevel(deps.stores, change, deps.market.now())
}

/** So often the books must differ at the start before it is no delay. */
const STRANGE_TIMES = 2

/** A position found at the start that nothing of ours explains: taken over, left alone, or for a person to decide. */
async function settleStrange(parts: Parts, snapshot: BrokerSnapshot, findings: Findings): Promise<void> {
  const { ledger, view } = parts
  if (parts.isSettled) return
  if (findings.mismatch === null) {
    parts.isSettled = view.isReconciled
    parts.strange = 0
    return
  }
  if (findings.owed.length > 0 || ledger.open.some(({ purpose }) => purpose !== 'stop')) return
  if (++parts.strange < STRANGE_TIMES) return
  const { foreign } = ledger.trader.settings
  const difference = findings.position - ledger.holding.quantity - view.others
  if (foreign === 'refuse') await lower(parts, { level: 'halted', reason: findings.mismatch, cause: 'start' })
  else if (foreign === 'ignore') view.others += difference
  else if (findings.position >= 0) await adopt(parts, snapshot, difference)
  parts.isSettled = foreign !== 'refuse'
}

/** The day's first equity is kept; when too much of it is lost, everything is closed once (reliability, 5.7). */
async function watchLoss(parts: Parts): Promise<void> {
  const { deps, ledger, view } = parts
  const { trader } = ledger
  const date = exchangeDate(deps.market.now())
  const equity = view.values?.netLiquidation ?? null
  if (equity !== null && trader.day?.date !== date)
    ledger.trader = await concludeLevel(deps.stores, { day: { date, startEquity: equity } })
  const loss = lossOf(parts)
  const most = trader.settings.limits.maxDailyLossPct
  const isTrading = trader.level === 'active' || trader.level === 'reducing'
  if (loss === null || loss < most || !isTrading) return
  const reason = `${loss.toFixed(2)} % of the day's first equity is lost, of at most ${most}`
  await lower(parts, { level: 'halted', isFlattening: true, reason, cause: 'limit' })
}
