import type { Order } from './order.ts'

/** Every order that a terminal has had, and who may be found under which number. */
export class OrderList {
  #all: Order[] = []
  readonly #live = new Set<Order>()
  readonly #byPermId = new Map<number, Order>()
  readonly #byOrderId = new Map<string, Order>()

  add(order: Order): void {
    this.#all.push(order)
    this.#live.add(order)
    this.#byPermId.set(order.permId, order)
    this.bind(order)
  }

  /** Makes an order known under its order id; of several with one id the last is meant. */
  bind(order: Order): void {
    this.#byOrderId.set(keyOf(order.clientId, order.orderId), order)
  }

  /** As if it had never been. */
  forget(order: Order): void {
    this.#all = this.#all.filter((other) => other !== order)
    this.#byOrderId.delete(keyOf(order.clientId, order.orderId))
    this.retire(order)
  }

  /** Oldest first. */
  get all(): readonly Order[] {
    return this.#all
  }

  /** Those that are not done, oldest first. */
  get live(): readonly Order[] {
    return [...this.#live]
  }

  /** One that is done is not looked at any more. */
  retire(order: Order): void {
    this.#live.delete(order)
  }

  /** Those that IB knows of: transmitted, and not done. */
  get open(): readonly Order[] {
    return this.live.filter(({ phase }) => phase !== 'kept')
  }

  ofPermId(permId: number): Order | null {
    return this.#byPermId.get(permId) ?? null
  }

  ofClient(clientId: number, orderId: number): Order | null {
    return orderId === 0 ? null : (this.#byOrderId.get(keyOf(clientId, orderId)) ?? null)
  }

  /** The live ones whose parent that is. */
  childrenOf({ clientId, orderId }: Order): Order[] {
    if (orderId === 0) return []
    return this.live.filter((order) => order.clientId === clientId && order.terms.parentId === orderId)
  }
}

const keyOf = (clientId: number, orderId: number): string => `${clientId} ${orderId}`
