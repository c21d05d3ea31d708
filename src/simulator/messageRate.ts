import { type EpochMs, SECOND_MS } from '../market/time.ts'

/** IB: Pacing Limitations, 50 messages a second to the API. */
export const MESSAGES_PER_SECOND = 50

/** `warn` once for each second that is too full, `drop` what follows in it, `close` at the last warning. */
export type RateVerdict = 'pass' | 'warn' | 'drop' | 'close'

/** The messages of one client within the last second. */
export class MessageRate {
  readonly #times: EpochMs[] = []
  #warnedAt: EpochMs | null = null
  #warnings = 0

  /** `warnings`: how often a client is warned until its connection is closed. */
  admit(now: EpochMs, warnings: number): RateVerdict {
    while (this.#times.length > 0 && now - this.#times[0]! >= SECOND_MS) this.#times.shift()
    if (this.#times.length < MESSAGES_PER_SECOND) {
      this.#times.push(now)
      return 'pass'
    }
    if (this.#warnedAt !== null && now - this.#warnedAt < SECOND_MS) return 'drop'
    this.#warnedAt = now
    return ++this.#warnings >= warnings ? 'close' : 'warn'
  }
}
