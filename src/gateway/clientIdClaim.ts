import { type Clock, type EpochMs, MINUTE_MS } from '../market/time.ts'
import type { Alerts } from '../ports/alerts.ts'

/** A client id that stays in use for longer belongs to somebody. */
const PATIENCE_MS = 3 * MINUTE_MS

/** Our claim to the one client id. Raises `gateway.clientId` when somebody else keeps it. */
export class ClientIdClaim {
  readonly #market: Clock
  readonly #alerts: Alerts
  #refusedSince: EpochMs | null = null

  constructor(market: Clock, alerts: Alerts) {
    this.#market = market
    this.#alerts = alerts
  }

  refused(text: string): void {
    const now = this.#market.now()
    this.#refusedSince ??= now
    if (now - this.#refusedSince >= PATIENCE_MS) this.#alerts.raise('gateway.clientId', text)
  }

  granted(): void {
    this.#refusedSince = null
    this.#alerts.clear('gateway.clientId')
  }
}
