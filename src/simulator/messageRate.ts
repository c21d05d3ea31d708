import { type EpochMs, SECOND_MS } from '../market/time.ts'

/** IB: Pacing Limitations, 50 messages a second to the API. */
export const MESSAGES_PER_SECOND = 50

/** How often a client may be warned before its connection is closed. */
const WARNINGS = 3

/** `warn` once for each second that is too full, `drop` what follows in it, `close` at the third warning. */
export type RateVerdict = 'pass' | 'warn' | 'drop' | 'close'

/** The messages of one client within the last second. */
export class MessageRate {
  #times: EpochMs[] = []
  #warnedAt: EpochMs | null = null
  #warnings = 0

  admit(now: EpochMs): RateVerdict {
    this.#times = this.#times.filter((time) => now - time < SECOND_MS)
    if (this.#times.length < MESSAGES_PER_SECOND) {
      this.#times.push(now)
      return 'pass'
    }
    if (this.#warnedAt !== null && now - this.#warnedAt < SECOND_MS) return 'drop'
    this.#warnedAt = now
    return ++this.#warnings >= WARNINGS ? 'close' : 'warn'
  }
}
