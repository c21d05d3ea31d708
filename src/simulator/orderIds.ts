import type { Account } from './account.ts'

/** How far a restart of TWS moves the ids on: clients must not take the next one for granted. */
const RESTART_STEP = 100

/** The order ids of each client id: which are used, and which comes next. */
export class OrderIds {
  readonly #used = new Map<number, number>()
  /** The least that is told next, of those that a restart has moved on and of all others. */
  readonly #floors = new Map<number, number>()
  #floor = 1

  /** Ids that are used in the accounts' executions are never given again. */
  constructor(accounts: readonly Account[]) {
    for (const { clientId, orderId } of accounts.flatMap(({ executions }) => executions))
      this.spend(clientId, orderId)
  }

  /** What a client is told. */
  next(clientId: number): number {
    return Math.max(this.#lastUsed(clientId) + 1, this.#floors.get(clientId) ?? this.#floor)
  }

  /** An order has this id: neither it nor a lower one is taken again. */
  spend(clientId: number, orderId: number): void {
    this.#used.set(clientId, Math.max(this.#lastUsed(clientId), orderId))
  }

  isSpent(clientId: number, orderId: number): boolean {
    return orderId <= this.#lastUsed(clientId)
  }

  /** TWS has restarted. */
  restarted(): void {
    for (const clientId of this.#used.keys()) this.#floors.set(clientId, this.next(clientId) + RESTART_STEP)
    this.#floor += RESTART_STEP
  }

  /** A person has reset them: the ids of orders that TWS knows are taken all the same. */
  reset(): void {
    this.#used.clear()
    this.#floors.clear()
    this.#floor = 1
  }

  #lastUsed(clientId: number): number {
    return this.#used.get(clientId) ?? 0
  }
}
