import type { BrokerReport, BrokerSnapshot } from '../ports/broker.ts'
import type { ClosedCandle } from './closedCandles.ts'

/** The broker's books as they were when asked for at `askedAt` (machine time), or why they were not to be had. */
export interface AskedBooks {
  readonly snapshot: BrokerSnapshot | null
  readonly askedAt: number
  /** How often something had moved when they were asked for. */
  readonly moves: number
}

/** Everything that a trader hears of: in one queue, and one after the other. */
export type InboxItem =
  | { readonly kind: 'report'; readonly report: BrokerReport }
  | { readonly kind: 'books'; readonly books: AskedBooks }
  | { readonly kind: 'candle'; readonly candle: ClosedCandle; readonly series: number }
  | { readonly kind: 'warm'; readonly series: number }
  /** Time has passed. */
  | { readonly kind: 'wake' }
  /** Somebody may have changed the trader's row. */
  | { readonly kind: 'nudge' }

export class Inbox {
  #items: InboxItem[] = []
  #notify: (() => void) | null = null

  /** Wakes and nudges that wait already are enough. */
  put(item: InboxItem): void {
    const isEnough = (item.kind === 'wake' || item.kind === 'nudge') && this.has(item.kind)
    if (!isEnough) this.#items.push(item)
    this.#notify?.()
    this.#notify = null
  }

  /** Whether something of a kind waits. */
  has(kind: InboxItem['kind']): boolean {
    return this.#items.some((item) => item.kind === kind)
  }

  /** Every item in its order, until the signal is aborted. */
  async *items(signal: AbortSignal): AsyncGenerator<InboxItem> {
    const wake = () => this.#notify?.()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        const item = this.#items.shift()
        if (item !== undefined) yield item
        else
          await new Promise<void>((resolve) => {
            this.#notify = resolve
          })
      }
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }
}
