import type { Message } from './fields.ts'
import type { Refusal } from './history/plan.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { DataType } from './ticks/entitlement.ts'

/** What a client has done since it connected. */
export interface ClientCounts {
  messages: number
  /** Requests for historical data of any size. */
  historical: number
  /** Limits that it broke. */
  violations: number
}

/** One API client as its requests see it. */
export interface Client {
  /** The level negotiated with it. */
  readonly version: number
  /** Null until it has sent startApi. */
  readonly id: number | null
  readonly counts: ClientCounts
  /** Requests for historical data that are being answered, by request id. */
  readonly queries: Map<number, AbortController>
  /** Streams that run until they are cancelled. */
  readonly subscriptions: Subscriptions
  /** What it asked for with message 59. */
  marketDataType: DataType
  start(id: number): void
  send(message: Message): void
  /** An error message; TWS puts -1 where it belongs to no request. */
  refuse(id: number, refusal: Pick<Refusal, 'code' | 'text'>): void
  /** Closes the connection after what was sent. */
  end(reason: string): void
  /** Closes the connection over something thrown while it was served. */
  fail(fault: unknown): void
}
