interface KeyedAnswer {
  readonly status: number
  readonly body: string
}

/** A request that came with a key. */
export interface KeyedRequest {
  readonly bodyHash: string
  /** The id for what is made: the same for every attempt, so that a crash between work and answer makes nothing twice. */
  readonly subject: string
  /** Null as long as no attempt has come to its end. */
  readonly answer: KeyedAnswer | null
}

/** Requests and their answers, kept for 24 hours of machine time under the key that the client chose. */
export interface IdempotencyStore {
  /** The request that has this key: an earlier one, or this one from now on. */
  begin(route: string, key: string, bodyHash: string): Promise<KeyedRequest>
  /** False when it has been answered in the meantime. */
  finish(route: string, key: string, answer: KeyedAnswer): Promise<boolean>
  /** Frees a key that has not been answered. */
  forget(route: string, key: string): Promise<void>
}
