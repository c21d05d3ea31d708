import type { EpochMs } from '../../market/time.ts'
import type { Fate } from './fate.ts'
import { isStop, type OrderTerms } from './terms.ts'

/** As TWS names them. */
export type OrderStatus =
  | 'PendingSubmit'
  | 'PreSubmitted'
  | 'Submitted'
  | 'PendingCancel'
  | 'Cancelled'
  | 'Filled'
  | 'Inactive'

/**
 * `kept` not transmitted yet · `waiting` for its parent's fill · `resting` until the market opens for it · `working` at
 * the exchange, or watching for its stop · `done`.
 */
export type Phase = 'kept' | 'waiting' | 'resting' | 'working' | 'done'

/** Why an order that should work does not: TWS has lost IB, IB holds it, or it has been found wanting. */
export type Hold = 'link' | 'held' | 'inactive'

/** What becomes of an order that IB rejects. */
export type RejectedStatus = 'Cancelled' | 'Inactive'

export type OutcomeStatus = 'Filled' | RejectedStatus

/** How an order ended. */
export interface Outcome {
  readonly status: OutcomeStatus
  readonly at: EpochMs
  /** Such as `Filled Size: 100` or `Cancelled by Trader`. */
  readonly reason: string
}

export interface OrderIdentity {
  readonly account: string
  /** 0 also stands for a person at the TWS itself. */
  readonly clientId: number
  /** 0 for an order made at the TWS itself, until client 0 binds it. */
  readonly orderId: number
  readonly permId: number
  readonly placedAt: EpochMs
}

/** One order through its whole life. Only the desk and its matchers change it. */
export class Order {
  readonly account: string
  readonly clientId: number
  orderId: number
  readonly permId: number
  readonly placedAt: EpochMs
  terms: OrderTerms
  readonly fate: Fate
  phase: Phase = 'kept'
  hold: Hold | null = null
  /** It has been transmitted, whether or not anything is to be seen of it. */
  isSent = false
  /** A cancel has been asked for. */
  isCancelling = false
  /** Its stop has been reached. */
  isTriggered = false
  /** Where the stop of a trailing order stands; null before it has seen a price. */
  trailStop: number | null = null
  /** The limit of a trailing limit order whose stop has been reached. */
  trailLimit: number | null = null
  /** Only what trades from then on can fill it; null before it works. */
  activeFrom: EpochMs | null = null
  /** When it is cancelled of itself; null for never. */
  expiresAt: EpochMs | null = null
  /** How many shares its parent lets work. */
  released = Number.POSITIVE_INFINITY
  filled = 0
  averagePrice = 0
  lastPrice = 0
  /** In US dollars, of all fills so far. */
  commission = 0
  outcome: Outcome | null = null

  constructor(identity: OrderIdentity, terms: OrderTerms, fate: Fate = {}) {
    const { account, clientId, orderId, permId, placedAt } = identity
    this.account = account
    this.clientId = clientId
    this.orderId = orderId
    this.permId = permId
    this.placedAt = placedAt
    this.terms = terms
    this.fate = fate
  }

  get isLive(): boolean {
    return this.phase !== 'done'
  }

  /** Whether it can be filled now. */
  get isWorking(): boolean {
    return this.phase === 'working' && this.hold === null && this.workable > 0
  }

  get remaining(): number {
    return Math.max(0, this.terms.quantity - this.filled)
  }

  /** Shares that may be filled now. */
  get workable(): number {
    return Math.min(this.terms.quantity, this.released) - this.filled
  }

  get status(): OrderStatus {
    if (this.outcome) return this.outcome.status
    if (this.isCancelling) return 'PendingCancel'
    if (this.hold === 'inactive') return 'Inactive'
    if (this.hold === 'link') return 'PendingSubmit'
    const isAtExchange = this.phase === 'working' && this.hold === null
    return isAtExchange && (this.isTriggered || !isStop(this.terms)) ? 'Submitted' : 'PreSubmitted'
  }

  /** Why it is held, in TWS's words: `child`, `trigger`, both or neither. */
  get whyHeld(): string {
    if (!this.isLive) return ''
    const isChild = this.phase === 'waiting'
    const isWatching = isStop(this.terms) && !this.isTriggered
    return [...(isChild ? ['child'] : []), ...(isWatching ? ['trigger'] : [])].join(',')
  }

  /** The most shares that a second with so many to give fills. */
  mostOf(shares: number): number {
    const {
      firstShares = Number.POSITIVE_INFINITY,
      mostShares = Number.POSITIVE_INFINITY,
      excess = 0,
    } = this.fate
    const most = Math.min(this.workable, shares, mostShares, this.filled === 0 ? firstShares : mostShares)
    return most >= this.terms.quantity - this.filled ? most + excess : most
  }

  /** Takes shares in. */
  take(quantity: number, price: number): void {
    const filled = this.filled + quantity
    this.averagePrice = (this.averagePrice * this.filled + price * quantity) / filled
    this.filled = filled
    this.lastPrice = price
  }

  finish(outcome: Outcome): void {
    this.phase = 'done'
    this.isCancelling = false
    this.outcome = outcome
  }
}
