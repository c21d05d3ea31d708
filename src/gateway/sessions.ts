import type { Clock, EpochMs } from '../market/time.ts'
import type { Connection } from './connection.ts'

/** One connection from the moment at which it came to be ready. */
export interface GatewaySession {
  /** Rises with each of this process. */
  readonly number: number
  readonly connection: Connection
  /** Market time. */
  readonly since: EpochMs
}

/** The sessions of one gateway, of which there is one or none. */
export class Sessions {
  readonly #market: Clock
  #current: GatewaySession | null = null
  #count = 0

  constructor(market: Clock) {
    this.#market = market
  }

  get current(): GatewaySession | null {
    return this.#current
  }

  /** The connection is ready, or ready again. */
  open(connection: Connection): void {
    this.#current ??= { number: ++this.#count, connection, since: this.#market.now() }
  }

  end(): void {
    this.#current = null
  }
}
