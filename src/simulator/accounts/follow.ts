import { MINUTE_MS } from '../../market/time.ts'
import type { Served } from '../handler.ts'
import { type StreamKind, ticking } from '../subscriptions.ts'
import type { Book } from './book.ts'

/** IB: account values come every three minutes, and when a position changes. */
const REFRESH_MS = 3 * MINUTE_MS

export interface BookStream {
  readonly kind: StreamKind
  readonly id: number
  /** Those whose changes are told. */
  readonly books: readonly Book[]
}

/** Calls `tell` at IB's cadence, until the client cancels the subscription. */
export function followBooks(
  { client, tws }: Served,
  { kind, id, books }: BookStream,
  tell: () => void,
): void {
  const ends = [ticking(tws, client, REFRESH_MS, tell), ...books.map((book) => book.onChange(tell))]
  client.subscriptions.add(kind, id, () => {
    for (const end of ends) end()
  })
}
