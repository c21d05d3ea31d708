import type { EpochMs } from '../market/time.ts'

/** What a person should know of, while it lasts. */
export type AlertName =
  | 'collection.stalled'
  | 'collection.incomplete'
  | 'gateway.down'
  | 'gateway.account'
  | 'gateway.clientId'
  | 'gateway.clockSkew'
  | 'gateway.competing'
  | 'trader.halted'
  | 'trader.mismatch'
  | 'trader.foreign'
  | 'trader.naked'
  | 'trader.unresolved'
  | 'trader.database'
  | 'trader.failed'

export interface Alert {
  readonly name: AlertName
  /** One sentence: what is wrong, and since when. */
  readonly detail: string
  /** Market time. */
  readonly since: EpochMs
}

/** The alerts that stand. Raising one that stands, or clearing one that does not, changes nothing but its detail. */
export interface Alerts {
  raise(name: AlertName, detail: string): void
  clear(name: AlertName): void
  /** Oldest first. */
  standing(): Alert[]
}
