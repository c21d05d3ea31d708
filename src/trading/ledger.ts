import type { EpochMs } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader } from '../ports/traders.ts'
import { Bookings } from './bookings.ts'
import { isEnd } from './orderState.ts'
import type { Holding } from './trips.ts'

/** By what the broker names an order. */
export interface OrderName {
  readonly orderRef?: string
  readonly permId?: number
  readonly orderId?: number
  /** Whose order id it is; left out where only our own can be meant. */
  readonly clientId?: number
}

/**
 * What is stored, as this process has last read or written it. It is the only one that writes (the lease), one item
 * after the other; after any doubt it reads again.
 */
export class Ledger {
  trader!: Trader
  bookings = Bookings.of([])
  readonly symbol: string
  /** Ours, once a session has told it. */
  clientId: number | null = null
  #intents = new Map<string, Intent>()
  /** Looked at far oftener than they change. */
  #sorted: readonly Intent[] | null = null
  #open: readonly Intent[] | null = null

  constructor(symbol: string) {
    this.symbol = symbol
  }

  /** Reads what matters: all that is open, all made since `since`, and what the position was made of. */
  async load(stores: Stores, since: EpochMs): Promise<void> {
    const [trader, open, recent, ours] = await Promise.all([
      stores.traders.find(),
      stores.intents.open(),
      stores.intents.since(since),
      stores.executions.ours(),
    ])
    this.trader = trader!
    this.#intents = new Map([...recent, ...open].map((intent) => [intent.id, intent]))
    this.#sorted = this.#open = null
    this.bookings = Bookings.of(ours.filter(({ symbol }) => symbol === this.symbol))
    for (const { intent } of this.holding.open) {
      if (intent === null || this.#intents.has(intent)) continue
      const found = await stores.intents.find(intent)
      if (found !== null) this.put(found)
    }
  }

  get holding(): Holding {
    return this.bookings.holding
  }

  get open(): readonly Intent[] {
    this.#open ??= this.intents.filter(({ state }) => !isEnd(state))
    return this.#open
  }

  /** In the order of making. */
  get intents(): readonly Intent[] {
    this.#sorted ??= [...this.#intents.values()].sort((a, b) => a.ordinal - b.ordinal)
    return this.#sorted
  }

  intent(id: string | null): Intent | null {
    return id === null ? null : (this.#intents.get(id) ?? null)
  }

  put(intent: Intent): void {
    this.#intents.set(intent.id, intent)
    this.#sorted = this.#open = null
  }

  /** The intent that a message of the broker is about, or null: then it is somebody else's. */
  named({ orderRef = '', permId = 0, orderId = 0, clientId }: OrderName): Intent | null {
    const isOurs = clientId === undefined || clientId === this.clientId
    const all = this.intents.filter(({ orderId }) => orderId !== null)
    return (
      (orderRef === '' ? undefined : all.find((each) => each.orderRef === orderRef)) ??
      (permId === 0 || orderRef !== '' ? undefined : all.find((each) => each.permId === permId)) ??
      (orderId === 0 || orderRef !== '' || !isOurs
        ? undefined
        : all.find((each) => each.orderId === orderId)) ??
      null
    )
  }
}
