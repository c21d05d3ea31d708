import type { Clock } from '../market/time.ts'

const HANDSHAKE_MS = 5_000

/** What TWS tells of itself at the beginning of a connection. Without all of it there is none. */
export class Handshake {
  version: number | null = null
  accounts: readonly string[] = []
  /** The order id that TWS has told last. */
  nextOrderId: number | null = null
  readonly #done = new AbortController()

  /** To be called after whatever may be a part of it. */
  check(): void {
    // An abort makes its reason, which costs more than all the rest, even when nothing is left to abort.
    if (this.#done.signal.aborted) return
    if (this.version !== null && this.nextOrderId !== null && this.accounts.length > 0) this.#done.abort()
  }

  /** Resolves once it is complete; `giveUp` is called after 5 s. Rejects with the end of the connection. */
  wait(machine: Clock, ended: AbortSignal, giveUp: (reason: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopTimer = machine.after(HANDSHAKE_MS, () =>
        giveUp(`no handshake within ${HANDSHAKE_MS / 1_000} s`),
      )
      const settle = (act: () => void) => (): void => {
        stopTimer()
        act()
      }
      this.#done.signal.addEventListener('abort', settle(resolve))
      ended.addEventListener(
        'abort',
        settle(() => reject(ended.reason)),
      )
    })
  }
}
