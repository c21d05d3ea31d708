import type { BrokerOrder, BrokerReport, BrokerSnapshot } from '../ports/broker.ts'
import type { Intent } from '../ports/intents.ts'
import { isOurRef } from './ids.ts'
import type { Ledger } from './ledger.ts'
import { advance, isEnd } from './orderState.ts'
import { nameOf, toldOf } from './reports.ts'
import { splitOf } from './split.ts'

/** Where the broker's books and ours differ. Sentences are for people; what lists name is acted on. */
export interface Findings {
  /** Shares at the broker, and how they differ from what our executions and others' say. */
  readonly position: number
  readonly mismatch: string | null
  /** Orders of the symbol that are not ours. */
  readonly foreign: string | null
  /** What explains the difference, if it looks like a split of the shares. */
  readonly split: string | null
  /** Open intents that the broker's books do not show at all. */
  readonly absent: readonly Intent[]
  /** Orders of ours that had ended, as far as we knew, and are open at the broker. */
  readonly undead: readonly BrokerOrder[]
  /** Entries whose stop has not arrived, so that they wait at TWS untransmitted. */
  readonly halves: readonly Intent[]
  /** Intents of which more is filled than executions were told. */
  readonly owed: readonly { readonly intent: Intent; readonly shares: number }[]
}

/** What of a snapshot is news, as the reports that would have told it. */
export function newsIn(
  ledger: Ledger,
  { executions, commissions, ...snapshot }: BrokerSnapshot,
  isKnown: IsKnown,
) {
  const news: BrokerReport[] = []
  for (const execution of executions)
    if (!isKnown(`${execution.root}.${execution.revision}`)) news.push({ kind: 'execution', execution })
  for (const commission of commissions) {
    const booked = ledger.bookings.newest(commission.root)
    if (booked?.revision === commission.revision && booked.commission !== commission.commission)
      news.push({ kind: 'commission', commission })
  }
  for (const order of [...snapshot.openOrders, ...snapshot.completedOrders]) {
    const intent = ledger.named(nameOf(order))
    const isNews = intent !== null && Object.keys(advance(intent, toldOf(order), snapshot.takenAt)).length > 0
    if (isNews) news.push({ kind: 'order', order })
  }
  return news
}

type IsKnown = (execution: string) => boolean

/** Compares after everything that the snapshot tells was taken in. `others`: shares of the symbol that are not ours. */
export function compare(ledger: Ledger, snapshot: BrokerSnapshot, account: string, others: number): Findings {
  const { symbol, holding, open } = ledger
  const isHere = (each: { account: string; symbol: string }) =>
    each.account === account && each.symbol === symbol
  const held = snapshot.positions.find(isHere)
  const position = held?.quantity ?? 0
  const expected = holding.quantity + others
  const openHere = snapshot.openOrders.filter(isHere)
  const shown = new Map<string, BrokerOrder>()
  for (const order of [...snapshot.completedOrders, ...openHere]) {
    const intent = ledger.named(nameOf(order))
    if (intent !== null) shown.set(intent.id, order)
  }
  const strangers = openHere.filter((order) => ledger.named(nameOf(order)) === null)
  return {
    position,
    mismatch:
      position === expected ? null : `the broker has ${position} shares of ${symbol}, we know of ${expected}`,
    foreign: strangers.length === 0 ? null : strangers.map(strangerText).join('; '),
    split: position === expected ? null : splitOf(holding, position, held?.averageCost ?? Number.NaN),
    absent: open.filter(({ id, state }) => state !== 'reserved' && !shown.has(id)),
    undead: openHere.filter((order) => isUndead(ledger.named(nameOf(order)))),
    halves: open.filter((intent) => isHalf(intent, open, shown)),
    owed: owedBy(ledger, shown),
  }
}

const strangerText = ({ side, quantity, type, clientId, orderRef }: BrokerOrder): string =>
  `${side} ${quantity} ${type} of ${isOurRef(orderRef) ? 'an earlier database of ours' : `client ${clientId}`}`

const isUndead = (intent: Intent | null): boolean => intent !== null && isEnd(intent.state)

function isHalf(entry: Intent, open: readonly Intent[], shown: ReadonlyMap<string, BrokerOrder>): boolean {
  if (entry.purpose !== 'entry' || entry.filled > 0 || !shown.has(entry.id)) return false
  const stop = open.find(({ purpose, parent }) => purpose === 'stop' && parent === entry.id)
  return stop !== undefined && !shown.has(stop.id)
}

function owedBy(ledger: Ledger, shown: ReadonlyMap<string, BrokerOrder>): Findings['owed'] {
  return [...shown].flatMap(([id, { filled, status, quantity }]) => {
    const intent = ledger.intent(id)!
    const told = filled ?? (status === 'filled' ? quantity : 0)
    const shares = told - ledger.bookings.fillingOf(id).most
    return shares > 0 ? [{ intent, shares }] : []
  })
}
