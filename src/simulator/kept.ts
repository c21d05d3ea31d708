import { type EpochMs, floorTo, SECOND_MS } from '../market/time.ts'
import type { Account } from './account.ts'
import { Order } from './orders/order.ts'
import type { Tws } from './tws.ts'

/** What outlives a terminal's process: plain data, good for JSON. */
export interface Kept {
  /** Everything that traded before is matched. */
  readonly at: EpochMs
  readonly accounts: readonly Account[]
  /** Orders that are not done, oldest first. */
  readonly orders: readonly Order[]
}

/** The numbers that are given next follow from the newest of these. */
const MOST_EXECUTIONS = 500

/** What has to be kept of a terminal now. */
export function keptOf(tws: Tws): Kept {
  const accounts = tws.books.all.map(({ id, cash, positions, executions, completedOrders }) => ({
    ...{ id, cash, positions },
    executions: executions.slice(-MOST_EXECUTIONS),
    completedOrders: completedOrders.slice(-MOST_EXECUTIONS),
  }))
  return { at: tws.now(), accounts, orders: tws.floor.orders.live.filter(({ isSent }) => isSent) }
}

/** Gives a fresh terminal, made with the accounts that were kept, its orders back: what has traded since is matched. */
export function putBack(tws: Tws, { at, orders }: Kept): void {
  for (const kept of orders) {
    const order = Object.assign(new Order(kept, kept.terms, kept.fate), kept, {
      released: kept.released ?? Number.POSITIVE_INFINITY, // JSON knows no infinity
    })
    tws.orderIds.spend(order.clientId, order.orderId)
    tws.desk.permIds.spend(order.permId)
    tws.floor.add(order)
  }
  tws.floor.resume(floorTo(at, SECOND_MS))
}

/** Calls `keep` after each change of books and orders, once for all that happens in one turn. */
export function keepOnChange(tws: Tws, keep: (kept: Kept) => void): void {
  let isDue = false
  const changed = (): void => {
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      isDue = false
      keep(keptOf(tws))
    })
  }
  tws.books.onChange(changed)
  tws.floor.onEvent(changed)
}
