import { missing } from '../../errors.ts'
import { type EpochMs, isoInstant } from '../../market/time.ts'
import type { CompletedOrder, Execution } from '../account.ts'
import type { Book } from '../accounts/book.ts'
import type { Order } from '../orders/order.ts'
import type { Tws } from '../tws.ts'
import { type ControlRoute, json } from './route.ts'

/** The truth about an account, whatever its clients have been told. */
export const bookRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/accounts/{id}/books',
    answer({ params }, { tws }) {
      return json(booksOf(bookNamed(tws, params.id!), tws))
    },
  },
]

/** Throws `missing` for an account that is none. */
export function bookNamed(tws: Tws, id: string): Book {
  const book = id === '' ? null : tws.books.named(id)
  if (!book) throw missing(`there is no account ${id}`)
  return book
}

const booksOf = (book: Book, { floor, protection, clock }: Tws) => ({
  account: book.id,
  now: isoInstant(clock.now()),
  cash: book.cash,
  positions: book.positions,
  /** Every order since the simulator's start, whatever has become of it. */
  orders: floor.orders.all.filter(({ account }) => account === book.id).map(orderReport),
  completedOrders: book.completedOrders.map(completedReport),
  executions: book.executions.map(executionReport),
  protection: protection
    .historyOf(book.id)
    .map(({ time, ...cover }) => ({ time: isoInstant(time), ...cover })),
  nakedSpans: protection
    .nakedSpans(book.id)
    .map(({ from, to, ...span }) => ({ from: isoInstant(from), to: optional(to), ...span })),
})

export const orderReport = (order: Order) => ({
  ...{ clientId: order.clientId, orderId: order.orderId, permId: order.permId },
  ...order.terms,
  status: order.status,
  phase: order.phase,
  filled: order.filled,
  remaining: order.remaining,
  averagePrice: order.averagePrice,
  commission: order.commission,
  trailStop: order.trailStop,
  placedAt: isoInstant(order.placedAt),
  completedAt: optional(order.outcome?.at ?? null),
  reason: order.outcome?.reason ?? null,
})

const completedReport = ({ completedAt, ...order }: CompletedOrder) => ({
  ...order,
  completedAt: isoInstant(completedAt),
})

export const executionReport = ({ time, ...execution }: Execution) => ({
  ...execution,
  time: isoInstant(time),
})

const optional = (at: EpochMs | null): string | null => at && isoInstant(at)
