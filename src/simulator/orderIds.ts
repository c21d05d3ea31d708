import type { Account } from './account.ts'

/** How far a restart of TWS moves the ids on: clients must not take the next one for granted. */
const RESTART_STEP = 100

/** The next order id of each client id. */
export class OrderIds {
  readonly #next = new Map<number, number>()
  #skipped = 0

  /** Ids that are used in the accounts' executions are never given again. */
  constructor(accounts: readonly Account[]) {
    for (const { clientId, orderId } of accounts.flatMap(({ executions }) => executions))
      this.#next.set(clientId, Math.max(this.#next.get(clientId) ?? 1, orderId + 1))
  }

  next(clientId: number): number {
    return (this.#next.get(clientId) ?? 1) + this.#skipped
  }

  /** TWS has restarted. */
  restarted(): void {
    this.#skipped += RESTART_STEP
  }
}
