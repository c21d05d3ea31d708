import type { Message } from './fields.ts'
import type { Refusal } from './history/plan.ts'

/** One API client as its requests see it. */
export interface Client {
  /** The level negotiated with it. */
  readonly version: number
  /** Null until it has sent startApi. */
  readonly id: number | null
  /** Requests for historical data that are being answered, by request id. */
  readonly queries: Map<number, AbortController>
  start(id: number): void
  send(message: Message): void
  /** An error message; TWS puts -1 where it belongs to no request. */
  refuse(id: number, refusal: Pick<Refusal, 'code' | 'text'>): void
  /** Closes the connection after what was sent. */
  end(reason: string): void
}
