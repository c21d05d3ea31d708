import type { Notice } from './events.ts'
import type { Hold, RejectedStatus } from './order.ts'

/** What faults have in store for an order. Nothing where a field is missing. */
export interface Fate {
  /** IB rejects it. */
  readonly rejected?: { readonly notice: Notice; readonly status: RejectedStatus }
  /** TWS says that its id is taken. */
  readonly isIdTaken?: boolean
  /** Nothing that happens to it is told of itself. */
  readonly isSilent?: boolean
  /** So long TWS has read it, and nothing is to be seen of it. Market milliseconds. */
  readonly lagMs?: number
  /** It does not work for so long; null for ever. Market milliseconds. */
  readonly hold?: { readonly as: Hold; readonly forMs: number | null }
  /** Told once it is accepted. */
  readonly notices?: readonly Notice[]
  /** The most shares that it gets in a second. */
  readonly mostShares?: number
  /** Shares in its first second. */
  readonly firstShares?: number
  /** Shares that it gets beyond what was ordered. */
  readonly excess?: number
  /** What its fills are booked in instead of its own account. */
  readonly account?: string
  /** A cancel comes too late by so much. Market milliseconds. */
  readonly cancelLagMs?: number
  /** It is filled just when it is to be cancelled. */
  readonly isFilledOnCancel?: boolean
  /** So long after it each execution is corrected. Market milliseconds. */
  readonly correction?: { readonly afterMs: number; readonly priceChange: number; readonly share: number }
  /** A change of it becomes an order beside it. */
  readonly isDoubled?: boolean
}

/** The fates of orders that are just being placed or changed, by client and order id. */
export class Fates {
  readonly #given = new Map<string, Fate>()

  give(clientId: number, orderId: number, fate: Fate): void {
    const key = keyOf(clientId, orderId)
    this.#given.set(key, { ...this.#given.get(key), ...fate })
  }

  /** What an order was given. It is given once. */
  take(clientId: number, orderId: number): Fate {
    const key = keyOf(clientId, orderId)
    const fate = this.#given.get(key) ?? {}
    this.#given.delete(key)
    return fate
  }
}

const keyOf = (clientId: number, orderId: number): string => `${clientId} ${orderId}`
