import type { IBApi } from '@stoqey/ib'
import { type Clock, type EpochMs, SECOND_MS } from '../market/time.ts'
import { libraryController } from './libraryController.ts'

/** IB allows 50 messages in any second. The rest is left to what cannot wait. */
const PER_SECOND = 40
const URGENT_PER_SECOND = 49

/**
 * How fast messages leave. In place of the library's own limiter, which counts in tenths of real seconds, and in whose
 * queue an order could wait unseen.
 */
export class SendRate {
  readonly #clock: Clock
  /** When the messages of the last second left. */
  readonly #times: EpochMs[] = []
  readonly #waiting: (() => void)[] = []
  #isUrgent = false
  #stopTimer: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes the place of the library's limiter. */
  limit(api: IBApi): void {
    const controller = libraryController(api)
    controller.rateLimiter = (tokens) => this.#send(() => controller.socket.send(tokens))
  }

  /** Whether so many messages may leave at once, past those that wait. */
  hasRoomFor(messages: number): boolean {
    return this.#sent() + messages <= URGENT_PER_SECOND
  }

  /** What `write` gives to the library leaves in this turn. Answers how many messages left. */
  atOnce(write: () => void): number {
    const before = this.#sent()
    this.#isUrgent = true
    try {
      write()
    } finally {
      this.#isUrgent = false
    }
    return this.#times.length - before
  }

  /** Forgets what waits. */
  end(): void {
    this.#waiting.length = 0
    this.#stopTimer?.()
  }

  #send(write: () => void): void {
    if (this.#isUrgent || (this.#waiting.length === 0 && this.#sent() < PER_SECOND)) this.#write(write)
    else this.#waiting.push(write)
    this.#wake()
  }

  #write(write: () => void): void {
    this.#times.push(this.#clock.now())
    write()
  }

  #sent(): number {
    const now = this.#clock.now()
    // What left in the future left before the clock was set back.
    const isOver = (at: EpochMs): boolean => at <= now - SECOND_MS || at > now
    while (this.#times.length > 0 && isOver(this.#times[0]!)) this.#times.shift()
    return this.#times.length
  }

  #wake(): void {
    if (this.#waiting.length === 0 || this.#stopTimer !== null) return
    const delayMs = this.#times[0]! + SECOND_MS - this.#clock.now()
    this.#stopTimer = this.#clock.after(delayMs, () => {
      this.#stopTimer = null
      while (this.#waiting.length > 0 && this.#sent() < PER_SECOND) this.#write(this.#waiting.shift()!)
      this.#wake()
    })
  }
}
