/** The second way to stop, which needs neither the database nor the API: once closed, nothing opens it in this process. */
export class KillLatch {
  #reason: string | null = null
  readonly #listeners = new Set<() => void>()

  /** Why no order may leave that adds risk, or null. */
  get reason(): string | null {
    return this.#reason
  }

  close(reason: string): void {
    if (this.#reason !== null) return
    this.#reason = reason
    for (const listener of this.#listeners) listener()
  }

  /** What it returns ends that. */
  onClose(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
