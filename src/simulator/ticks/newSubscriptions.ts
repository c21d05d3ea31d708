import { type EpochMs, MINUTE_MS } from '../../market/time.ts'

const WINDOW_MS = 10 * MINUTE_MS
const MOST_NEW = 60

/** IB: Real Time Bars, Pacing: no more than 60 new subscriptions in ten minutes, for all clients together. */
export class NewSubscriptions {
  #admitted: EpochMs[] = []

  /** Takes one in; false, and not counted, when it is one too many. */
  admit(now: EpochMs): boolean {
    this.#admitted = this.#admitted.filter((time) => now - time < WINDOW_MS)
    if (this.#admitted.length >= MOST_NEW) return false
    this.#admitted.push(now)
    return true
  }
}
