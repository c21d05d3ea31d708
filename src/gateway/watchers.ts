import type { BooksMessage, OrderMessage } from './booksMessages.ts'

/** Told what happens on whatever connection there is, in its order, whatever state that is in. */
export interface GatewayWatcher {
  /** It can be used (again); what was subscribed stands still, or has to be asked for anew. */
  readonly onReady?: (data: 'kept' | 'lost') => void
  /** Something of its state may have changed. */
  readonly onChange?: () => void
  readonly onBooks?: (message: BooksMessage) => void
  readonly onOrderMessage?: (message: OrderMessage) => void
}

export class Watchers implements Required<GatewayWatcher> {
  readonly #watchers = new Set<GatewayWatcher>()

  add(watcher: GatewayWatcher): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  readonly onReady = (data: 'kept' | 'lost'): void => {
    for (const watcher of this.#watchers) watcher.onReady?.(data)
  }

  readonly onChange = (): void => {
    for (const watcher of this.#watchers) watcher.onChange?.()
  }

  readonly onBooks = (message: BooksMessage): void => {
    for (const watcher of this.#watchers) watcher.onBooks?.(message)
  }

  readonly onOrderMessage = (message: OrderMessage): void => {
    for (const watcher of this.#watchers) watcher.onOrderMessage?.(message)
  }
}
