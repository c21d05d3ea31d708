import type { EventType } from './events.ts'

export interface StreamRequest {
  /** Begin after this sequence; null with the next event. */
  readonly after: number | null
  /** Null for all. */
  readonly types: readonly EventType[] | null
}

/** What one client is sent. Letting go of the iteration ends it. */
export interface EventStream {
  /** Server-Sent Events. Ends when the service does, or when the client has fallen too far behind. */
  readonly frames: AsyncIterable<Uint8Array>
  /** Aborted when the client, having fallen too far behind, takes not even the last frame. */
  readonly givenUp: AbortSignal
}

export interface EventStreams {
  /** Rejects with `throttled` when too many listen. */
  open(request: StreamRequest): Promise<EventStream>
}

/** Rings when an event may have been committed, by whichever process. It may miss one, so who listens also looks. */
export interface EventBell {
  /** Returns what ends it. */
  listen(ring: () => void): () => void
}
