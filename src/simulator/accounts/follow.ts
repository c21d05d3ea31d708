import { MINUTE_MS } from '../../market/time.ts'
import type { Message } from '../fields.ts'
import type { Served } from '../handler.ts'
import { type StreamKind, ticking } from '../subscriptions.ts'
import type { Book } from './book.ts'
import { symbolsOf } from './portfolio.ts'
import { type Prices, withPrices } from './prices.ts'

/** IB: account values come every three minutes, and when a position changes. */
const REFRESH_MS = 3 * MINUTE_MS

/** Tells what the books of accounts hold and are worth, at IB's pace. */
export const followBooks = (
  served: Served,
  stream: Pick<PricedStream, 'kind' | 'id' | 'books' | 'tell' | 'end'>,
): Promise<void> =>
  follow(served, {
    ...stream,
    everyMs: REFRESH_MS,
    symbols: () => stream.books.flatMap((book) => symbolsOf(book, served.tws.now())),
  })

/** What a client is told at the market's prices until it cancels. */
export interface PricedStream {
  readonly kind: StreamKind
  readonly id: number
  /** Market time between two tellings. */
  readonly everyMs: number
  /** Those whose changes are told at once. */
  readonly books: readonly Book[]
  /** What prices are needed of. */
  symbols(): readonly string[]
  tell(prices: Prices): void
  /** Comes after what is told first. */
  readonly end?: Message
}

/** Tells at once and at the stream's pace, in as many turns as the prices need. Rejects with what is thrown first. */
export async function follow({ client, tws }: Served, stream: PricedStream): Promise<void> {
  const ended = new AbortController()
  const stops = [() => ended.abort()]
  client.subscriptions.add(stream.kind, stream.id, () => {
    for (const stop of stops) stop()
  })
  const priced = (work: (prices: Prices) => void) => withPrices(tws, stream.symbols(), work, ended.signal)
  await priced((prices) => {
    stream.tell(prices)
    if (stream.end) client.send(stream.end)
    if (ended.signal.aborted) return
    const retell = retelling(stream, priced, (fault) => client.fail(fault))
    const again = () => tws.isCutOff(client) || retell()
    stops.push(
      ticking(tws, client, stream.everyMs, again),
      ...stream.books.map((book) => book.onChange(again)),
    )
  })
}

/** Tells anew; what is asked for while prices are still looked up is told with them. */
function retelling(
  { tell }: PricedStream,
  priced: (work: (prices: Prices) => void) => Promise<void>,
  fail: (fault: unknown) => void,
): () => void {
  let isWaiting = false
  const tellAnew = (prices: Prices) => {
    isWaiting = false
    tell(prices)
  }
  return () => {
    if (isWaiting) return
    isWaiting = true
    priced(tellAnew).catch(fail)
  }
}
