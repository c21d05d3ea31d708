import type { Log } from '../log.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import type { ConnectionState } from '../ports/gateway.ts'
import type { Outage } from './outage.ts'

/** A change that matters to others: not the steps on the way to a connection, nor one failed attempt after another. */
export interface StateChange {
  readonly state: ConnectionState
  readonly reason: string | null
  /** Market time. */
  readonly at: EpochMs
}

interface StandingDeps {
  readonly market: Clock
  readonly log: Log
  readonly outage: Pick<Outage, 'planned'>
  readonly onState?: (change: StateChange) => void
}

/** The state of the connection, since when, and why. Every change is a line of the log. */
export class Standing {
  readonly #deps: StandingDeps
  #state: ConnectionState = 'standby'
  #since: EpochMs
  #reason: string | null = null

  constructor(deps: StandingDeps) {
    this.#deps = deps
    this.#since = deps.market.now()
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Market time. */
  get since(): EpochMs {
    return this.#since
  }

  get reason(): string | null {
    return this.#reason
  }

  /** Attempt after attempt fails for the same reason: that is one line, not one for each. */
  enter(state: ConnectionState, reason: string | null): void {
    const changed = state !== this.#state
    const told = state === 'connecting' || (state === 'backoff' && reason === this.#reason)
    this.#state = state
    this.#reason = reason
    if (!changed) return
    const { market, log, outage, onState } = this.#deps
    this.#since = market.now()
    const fields = { state, reason, plannedDowntime: outage.planned }
    if (told) log.debug(fields, 'gateway')
    else log.info(fields, 'gateway')
    if (!told && !STEPS.includes(state)) onState?.({ state, reason, at: this.#since })
  }
}

/** What a connection passes through, or a process that does not lead. */
const STEPS: readonly ConnectionState[] = ['standby', 'connecting', 'handshake', 'syncing']
