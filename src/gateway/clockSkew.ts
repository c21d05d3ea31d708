import type { Clock, EpochMs } from '../market/time.ts'
import type { Alerts } from '../ports/alerts.ts'

/** TWS tells its time in whole seconds. */
const TOLD_TO_MS = 1_000
/** Farther from TWS's clock than this, seconds would be asked for that are not over. */
const MAX_MS = 2_000

/**
 * How far TWS's clock is from the market's, by questions and answers. What their travel explains is no skew. Raises
 * `gateway.clockSkew` when it is too far.
 */
export class ClockSkew {
  readonly #market: Clock
  readonly #alerts: Alerts
  #askedAt: EpochMs | null = null
  #ms: number | null = null

  constructor(market: Clock, alerts: Alerts) {
    this.#market = market
    this.#alerts = alerts
  }

  /** Milliseconds, positive when TWS is ahead; null before the first answer. */
  get ms(): number | null {
    return this.#ms
  }

  /** The time was asked for. Of several questions without an answer the first counts. */
  asked(): void {
    this.#askedAt ??= this.#market.now()
  }

  told(epochS: number): void {
    const now = this.#market.now()
    const first = epochS * TOLD_TO_MS
    const last = first + TOLD_TO_MS - 1
    if (first > now) this.#ms = first - now
    else this.#ms = Math.min(0, last - (this.#askedAt ?? now))
    this.#askedAt = null
    this.#warn(this.#ms)
  }

  #warn(ms: number): void {
    if (Math.abs(ms) <= MAX_MS) this.#alerts.clear('gateway.clockSkew')
    else this.#alerts.raise('gateway.clockSkew', `TWS's clock differs from ours by ${ms} ms`)
  }
}
