import type { EpochMs } from '../market/time.ts'
import type { BrokerExecution } from './broker.ts'
import type { PageBefore } from './page.ts'

/** An execution as it is booked: the newest revision counts, older ones are kept. */
export interface BookedExecution extends BrokerExecution {
  /** In the order of booking. */
  readonly ordinal: number
  /** The intent it belongs to; null for what others did in the account. */
  readonly intent: string | null
  /** True for an adjustment that stands for executions which the broker no longer tells (its root says of what). */
  readonly isSynthetic: boolean
  /** Null until the broker tells it. */
  readonly commission: number | null
  readonly realizedPnl: number | null
  /** Market time. */
  readonly bookedAt: EpochMs
}

/** A closed round trip of one symbol, from flat to flat. */
export interface BookedTrip {
  /** Counts from the oldest that closed. */
  readonly ordinal: number
  /** In the order of their time and booking. Nothing that was busted is among them. */
  readonly executions: readonly BookedExecution[]
}

export type NewExecution = Omit<BookedExecution, 'ordinal'>

export interface ExecutionStore {
  /** Null when this root and revision is booked already. Its intent must be there. */
  book(execution: NewExecution): Promise<BookedExecution | null>
  /** False when no such execution is booked (yet), or it says the same already. */
  tellCommission(
    root: string,
    revision: number,
    commission: number,
    realizedPnl: number | null,
  ): Promise<boolean>
  /** The newest revisions that belong to intents, or are synthetic, of `since` or later, in the order of their time and booking. */
  ours(since?: EpochMs): Promise<BookedExecution[]>
  /** The newest revisions of its executions, in the same order. */
  ofIntent(intent: string): Promise<BookedExecution[]>
  /** Of ours those since a symbol was flat, in the same order: what is held was made of them. */
  held(): Promise<BookedExecution[]>
  /** Of ours the closed round trips, newest first, `limit` of them before `ordinal`. */
  trips(page: PageBefore): Promise<BookedTrip[]>
  /** Shares of a symbol, as the newest revisions of ours say. */
  position(symbol: string): Promise<number>
  /** Newest first, `limit` of them before `ordinal`; newest revisions, ours and others'. */
  list(page: PageBefore): Promise<BookedExecution[]>
}
