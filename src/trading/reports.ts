import type { EpochMs } from '../market/time.ts'
import type { BrokerExecution, BrokerOrder, BrokerReport } from '../ports/broker.ts'
import type { BookedExecution, NewExecution } from '../ports/executions.ts'
import type { Intent } from '../ports/intents.ts'
import type { Stores } from '../ports/stores.ts'
import type { Bookings } from './bookings.ts'
import { isOurRef } from './ids.ts'
import type { Ledger, OrderName } from './ledger.ts'
import { orderNews } from './orderNews.ts'
import { advance, type OrderFact } from './orderState.ts'
import { tripNews } from './trips.ts'

export interface ReportDeps {
  readonly stores: Stores
  readonly ledger: Ledger
  /** The account that is traded; null before it is known. */
  readonly account: () => string | null
  /** What executions have cost of which nothing is booked yet. */
  readonly costs: Costs
}

export type Costs = Map<string, { readonly commission: number; readonly realizedPnl: number | null }>

/** What a report has changed. */
export interface Applied {
  /** An intent, as it was and as it is. */
  readonly change: { readonly before: Intent; readonly after: Intent } | null
  /** An execution that is booked now, ours or not. */
  readonly booked: BookedExecution | null
  /** It says something else than an execution that was counted before. */
  readonly isCorrection: boolean
}

const NOTHING: Applied = { change: null, booked: null, isCorrection: false }

/** Whatever the broker tells of orders, in one transaction, in whatever state the connection is (reliability, N8). */
export async function applyReport(deps: ReportDeps, report: BrokerReport, at: EpochMs): Promise<Applied> {
  switch (report.kind) {
    case 'order':
      return applyFact(deps, nameOf(report.order), toldOf(report.order), report, at)
    case 'status': {
      const { orderId, clientId, permId, status } = report
      return applyFact(deps, { orderId, clientId, permId }, told(status, permId, null), report, at)
    }
    case 'message': {
      const { orderId, effect, code, text } = report
      return applyFact(deps, { orderId }, { kind: 'message', effect, code, text }, report, at)
    }
    case 'execution':
      return bookExecution(deps, report.execution, at)
    case 'commission':
      return tellCommission(deps, report.commission)
    case 'position':
    case 'session':
      return NOTHING
  }
}

export const nameOf = ({ orderRef, permId, orderId, clientId }: BrokerOrder): OrderName => ({
  orderRef,
  permId,
  orderId,
  clientId,
})

const told = (
  status: BrokerOrder['status'],
  permId: number,
  reason: string | null,
): OrderFact & { kind: 'told' } => ({ kind: 'told', status, permId: permId || null, reason })

export const toldOf = ({ status, permId, reason }: BrokerOrder): OrderFact => told(status, permId, reason)

async function applyFact(
  deps: ReportDeps,
  name: OrderName,
  fact: OrderFact,
  report: object,
  at: EpochMs,
): Promise<Applied> {
  const before = deps.ledger.named(name)
  return before === null ? NOTHING : changeIntent(deps, before, fact, report, at)
}

/** Lets a fact change an intent, and keeps what was said for ever. */
export async function changeIntent(
  { stores, ledger }: Pick<ReportDeps, 'stores' | 'ledger'>,
  before: Intent,
  fact: OrderFact,
  source: object,
  at: EpochMs,
): Promise<Applied> {
  const fields = advance(before, fact, at)
  const isNews = Object.keys(fields).length > 0
  // What the broker's books tell again and again is kept once.
  if (!isNews && fact.kind !== 'message') return NOTHING
  const after = await stores.transaction(async (tx) => {
    await tx.intents.record({
      intent: before.id,
      orderId: before.orderId,
      at,
      kind: fact.kind,
      detail: JSON.stringify(source),
    })
    if (!isNews) return null
    const changed = await tx.intents.change(before.id, fields)
    await tx.events.append(orderNews(before, changed, at))
    return changed
  })
  if (after === null) return NOTHING
  ledger.put(after)
  return { ...NOTHING, change: { before, after } }
}

/** Names what stands for executions of an order that the broker does not tell. */
export const syntheticRoot = (orderRef: string): string => `synthetic.${orderRef}`

/** An execution alone is enough to book (O4); what counts of corrections is the newest revision (O14). */
export async function bookExecution(
  deps: ReportDeps,
  execution: BrokerExecution,
  at: EpochMs,
  isSynthetic = false,
): Promise<Applied> {
  const { stores, ledger } = deps
  const intent = ledger.named(execution)
  const { bookings } = ledger
  const made = await stores.transaction(async (tx) => {
    const booked = await tx.executions.book(newExecution(deps, execution, intent, isSynthetic, at))
    if (booked === null) return null
    const replaced = isSynthetic ? null : await replaceStandIn(tx, bookings, booked, at)
    let after = isCounted(booked) ? bookings.and(booked) : bookings
    if (replaced) after = after.and(replaced)
    const change = intent && (await fill(tx, intent, booked, after, at))
    const reasonOf = ({ intent }: BookedExecution) => ledger.intent(intent)?.reason ?? 'not known'
    await tx.events.append([
      ...(change ? orderNews(change.before, change.after, at) : []),
      ...tripNews(bookings.holding, after.holding, reasonOf, at),
    ])
    return { booked, after, change }
  })
  if (made === null) return NOTHING
  ledger.bookings = made.after
  if (made.change) ledger.put(made.change.after)
  const { booked, change } = made
  return { booked, change, isCorrection: bookings.newest(booked.root) !== null }
}

/** What stood for executions that were not told loses what is told now. */
async function replaceStandIn(
  tx: Stores,
  bookings: Bookings,
  { orderRef, quantity }: BookedExecution,
  at: EpochMs,
) {
  const standIn = bookings.newest(syntheticRoot(orderRef))
  if (standIn === null || standIn.quantity === 0) return null
  const { ordinal: _, ...same } = standIn
  const left = Math.max(0, standIn.quantity - quantity)
  return tx.executions.book({ ...same, revision: standIn.revision + 1, quantity: left, bookedAt: at })
}

const isCounted = ({ intent, isSynthetic }: BookedExecution): boolean => intent !== null || isSynthetic

async function fill(tx: Stores, before: Intent, booked: BookedExecution, bookings: Bookings, at: EpochMs) {
  await tx.intents.record({
    intent: before.id,
    orderId: before.orderId,
    at,
    kind: 'execution',
    detail: JSON.stringify(booked),
  })
  const fields = advance(before, { kind: 'executed', ...bookings.fillingOf(before.id) }, at)
  return { before, after: await tx.intents.change(before.id, fields) }
}

/** By its reference it is ours even where the intent is not known, as after a restore; `adopt` takes all of the symbol. */
function newExecution(
  { ledger, account, costs }: ReportDeps,
  execution: BrokerExecution,
  intent: Intent | null,
  isSynthetic: boolean,
  at: EpochMs,
): NewExecution {
  const isHere = execution.account === account() && execution.symbol === ledger.symbol
  const isAdopted = isOurRef(execution.orderRef) || ledger.trader.settings.foreign === 'adopt'
  const cost = costs.get(`${execution.root}.${execution.revision}`)
  return {
    ...execution,
    intent: intent?.id ?? null,
    isSynthetic: isSynthetic || (intent === null && isHere && isAdopted),
    commission: cost?.commission ?? null,
    realizedPnl: cost?.realizedPnl ?? null,
    bookedAt: at,
  }
}

async function tellCommission(
  { stores, ledger, costs }: ReportDeps,
  told: Extract<BrokerReport, { kind: 'commission' }>['commission'],
): Promise<Applied> {
  const { root, revision, commission, realizedPnl } = told
  const cost = costs.get(`${root}.${revision}`)
  if (commission === null || cost?.commission === commission) return NOTHING
  await stores.executions.tellCommission(root, revision, commission, realizedPnl)
  costs.set(`${root}.${revision}`, { commission, realizedPnl })
  const known = ledger.bookings.newest(root)
  if (known?.revision === revision)
    ledger.bookings = ledger.bookings.and({ ...known, commission, realizedPnl })
  return NOTHING
}
