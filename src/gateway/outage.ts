import { type Clock, type EpochMs, epochMs, isoInstant, later, MINUTE_MS, plus } from '../market/time.ts'
import type { Alerts } from '../ports/alerts.ts'
import { type DowntimeName, downtimeAt, isLoginWeekend } from './downtime.ts'

/** An outage that nobody plans may end by itself; one that IB plans has ten minutes more after its end. */
const PATIENCE_MS = MINUTE_MS
const AFTER_DOWNTIME_MS = 10 * MINUTE_MS
/** On the weekend of the weekly login, this long without a connection means that a person has to log in. */
const LOGIN_PATIENCE_MS = 15 * MINUTE_MS

/** How long TWS has been away, and whether that is as it should be. Raises `gateway.down` when it is not. */
export class Outage {
  readonly #market: Clock
  readonly #alerts: Alerts
  #since: EpochMs | null = null
  #quietUntil: EpochMs = epochMs(0)

  constructor(market: Clock, alerts: Alerts) {
    this.#market = market
    this.#alerts = alerts
  }

  /** The planned absence that explains this outage, while it lasts. */
  get planned(): DowntimeName | null {
    return this.#since === null ? null : (downtimeAt(this.#market.now())?.name ?? null)
  }

  /** Whether a person must log in to TWS. */
  get needsLogin(): boolean {
    if (this.#since === null || this.planned !== null) return false
    const now = this.#market.now()
    return isLoginWeekend(now) && now >= this.#since + LOGIN_PATIENCE_MS
  }

  ended(): void {
    this.#since = null
    this.#alerts.clear('gateway.down')
  }

  /** To be called when TWS is lost and, while it is, now and then. */
  goesOn(reason: string): void {
    const now = this.#market.now()
    const planned = downtimeAt(now)
    if (this.#since === null) {
      this.#since = now
      this.#quietUntil = plus(now, PATIENCE_MS)
    }
    if (planned !== null) this.#quietUntil = later(this.#quietUntil, plus(planned.to, AFTER_DOWNTIME_MS))
    if (now >= this.#quietUntil) this.#alerts.raise('gateway.down', this.#detail(this.#since, reason))
  }

  #detail(since: EpochMs, reason: string): string {
    const login = this.needsLogin ? '; the weekly login has ended: log in to TWS' : ''
    return `not connected since ${isoInstant(since)}: ${reason}${login}`
  }
}
