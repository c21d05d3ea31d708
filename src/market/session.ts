import type { TimeRange } from './time.ts'

/** `rth` regular hours · `all` regular and extended hours. */
export type SessionKind = 'rth' | 'all'

/** One trading day of the exchange, in the hours asked for: `from` opens it, `to` closes it. */
export interface Session extends TimeRange {
  /** The exchange's date, `YYYY-MM-DD`. */
  readonly date: string
}
