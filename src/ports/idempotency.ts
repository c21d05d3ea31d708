interface StoredAnswer {
  readonly bodyHash: string
  readonly status: number
  readonly body: string
}

/** Answers kept for 24 hours of machine time under the key that the client chose. */
export interface IdempotencyStore {
  find(route: string, key: string): Promise<StoredAnswer | null>
  /** False when the key was stored in the meantime. */
  save(route: string, key: string, answer: StoredAnswer): Promise<boolean>
}
