import type { Clock, EpochMs } from '../market/time.ts'

/** So long may pieces of work keep the event loop: then others have their turn. Machine milliseconds. */
const TURN_MS = 10

/**
 * Shares the event loop among pieces of work that may be long, such as making a day's prices: a piece runs at once
 * unless others have worked long since the loop last turned. Else it waits for a later turn, in the order they came.
 */
export class Turns {
  readonly #machine: Clock
  readonly #waiting: (() => void)[] = []
  /** By pieces of work, since the event loop last turned. */
  #spentMs = 0
  #isArmed = false

  constructor(machine: Clock) {
    this.#machine = machine
  }

  /** Runs `work` now, or later: then resolves when it has run, rejects with what it throws. Not run once aborted. */
  take(work: () => void, signal?: AbortSignal): Promise<void> | void {
    if (this.#waiting.length === 0 && this.#spentMs < TURN_MS) return this.#run(work)
    return new Promise<void>((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          if (!signal?.aborted) this.#run(work)
          resolve()
        } catch (fault) {
          reject(fault)
        }
      })
    })
  }

  #run(work: () => void): void {
    const began = this.#machine.now()
    try {
      work()
    } finally {
      this.#spend(began)
    }
  }

  #spend(began: EpochMs): void {
    this.#spentMs += Math.max(0, this.#machine.now() - began)
    if (this.#spentMs > 0) this.#arm()
  }

  #arm(): void {
    if (this.#isArmed) return
    this.#isArmed = true
    this.#machine.after(0, () => this.#turn())
  }

  /** Armed anew only at its end: a timer that is due by then would run before what has arrived meanwhile. */
  #turn(): void {
    this.#spentMs = 0
    while (this.#waiting.length > 0 && this.#spentMs < TURN_MS) this.#waiting.shift()!()
    this.#isArmed = false
    if (this.#spentMs > 0) this.#arm()
  }
}
