import type { Instrument } from '../market/instrument.ts'
import { type EpochMs, SECOND_MS } from '../market/time.ts'
import { isOfEverything } from '../ports/broker.ts'
import type { BrokerView } from './brokerView.ts'
import type { Decider, Made } from './decider.ts'
import type { World } from './facts.ts'
import type { Inbox } from './inbox.ts'
import type { Ledger } from './ledger.ts'
import type { Refusal } from './limits.ts'
import type { Costs, ReportDeps } from './reports.ts'
import type { SendDeps } from './send.ts'
import type { LatestSecond, TraderDeps } from './traderDeps.ts'

/** What a running trader consists of. One item of the inbox at a time changes it. */
export interface Parts {
  readonly deps: TraderDeps
  readonly instrument: Instrument
  readonly inbox: Inbox
  readonly ledger: Ledger
  readonly view: BrokerView
  readonly costs: Costs
  decider: Decider
  /** All that has closed before the trader began was taken in. */
  isWarm: boolean
  /** Decisions that nobody has been told of yet, oldest first. */
  made: Made[]
  /** What the decision on a candle waits for. */
  waits: { readonly candle: EpochMs; readonly refusal: Refusal } | null
  /** Why this account is not traded, or null. */
  accountRefusal: string | null
  price: LatestSecond | null
  /** How often something has moved that the broker's books tell. */
  moves: number
  /** Something was said that only the broker's books can explain. */
  isPuzzled: boolean
  /** The broker's books have been asked for, and are not answered. */
  isAsking: boolean
  /** Executions that the books have told already: root and revision. */
  readonly known: Set<string>
  /** Since when executions of an intent are missing, in machine time. */
  readonly owedSince: Map<string, number>
  /** The books were equal in this process, or their difference was decided on; and how often they differed before. */
  isSettled: boolean
  strange: number
}

export const accountOf = ({ ledger }: Parts): string | null => ledger.trader.account

export const reportDeps = (parts: Parts): ReportDeps => ({
  stores: parts.deps.stores,
  ledger: parts.ledger,
  account: () => accountOf(parts),
  costs: parts.costs,
})

export const sendDeps = (parts: Parts): SendDeps => ({
  stores: parts.deps.stores,
  ledger: parts.ledger,
  broker: parts.deps.broker,
  market: parts.deps.market,
  instrument: parts.instrument,
  account: () => accountOf(parts),
  isLeaseHeld: () => parts.deps.reign.isHeld(),
  latch: () => parts.deps.latch.reason,
  isBehind: () => parts.inbox.has('report') || isOwed(parts),
})

/** An order was told as filled, and its executions have not come yet. */
const isOwed = ({ view, ledger }: Parts): boolean =>
  [...view.toldFilled].some(([id, filled]) => (ledger.intent(id)?.filled ?? filled) < filled)

/** The share of the day's first equity that is lost, in per cent; null while it is not known. */
export function lossOf({ ledger, view }: Parts): number | null {
  const start = ledger.trader.day?.startEquity ?? 0
  const now = view.values?.netLiquidation ?? null
  return now === null || start <= 0 ? null : (100 * (start - now)) / start
}

/** Why no order may be sent at all, or no entry. */
export function gatewayObstacle({ view, deps }: Parts): string | null {
  if (deps.broker.session === null) return 'there is no session with TWS'
  const { suspension } = deps.broker
  return suspension?.reason ?? (view.session === null ? 'the session with TWS has only begun' : null)
}

/** Whether exits leave, and the broker's books can be asked for. */
export const isReachable = ({ deps: { broker } }: Parts): boolean =>
  broker.session !== null && !isOfEverything(broker.suspension)

export function worldOf(parts: Parts): World {
  const { deps, view, price } = parts
  return {
    latch: deps.latch.reason,
    isLeaseHeld: deps.reign.isHeld(),
    lossPct: lossOf(parts),
    price: price && { at: (price.time + SECOND_MS) as EpochMs, price: price.close },
    reconciledAt: view.isReconciled ? view.reconciledAt : null,
    mismatch: view.mismatch,
    foreign: view.foreign,
    account: parts.accountRefusal,
    gateway: gatewayObstacle(parts),
    clockSkewMs: deps.clockSkewMs(),
    availableFunds: view.values?.availableFunds ?? null,
  }
}

/** The id that the next order of ours may have at the least. */
export const nextOrderId = ({ deps, view }: Parts): number =>
  Math.max(deps.broker.session?.nextOrderId ?? 0, view.nextOrderId)
