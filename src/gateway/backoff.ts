import type { Random } from '../market/time.ts'

const FIRST_MS = 500
const MAX_MS = 15_000

/** How long to wait between one connection and the next. */
export class Backoff {
  readonly #random: Random
  #failures = 0
  #atLeastMs = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** TWS has said how long it wants to be left alone, once. */
  atLeast(delayMs: number): void {
    this.#atLeastMs = delayMs
  }

  /** The delay after a connection that came to be ready, or did not. */
  afterMs(lived: boolean): number {
    this.#failures = lived ? 0 : this.#failures + 1
    const delayMs = Math.min(MAX_MS, FIRST_MS * 2 ** Math.max(0, this.#failures - 1))
    const longest = Math.max(this.#atLeastMs, delayMs * (0.8 + 0.4 * this.#random()))
    this.#atLeastMs = 0
    return longest
  }
}
