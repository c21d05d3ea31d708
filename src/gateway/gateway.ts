import { messageOf, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Clock, EpochMs, Random } from '../market/time.ts'
import type { ConnectionState, FarmState, GatewayStatus } from '../ports/gateway.ts'
import { type Address, Connection } from './connection.ts'
import type { CodeAction, Farm } from './errorCodes.ts'

const BACKOFF_FIRST_MS = 500
const BACKOFF_MAX_MS = 15_000
/** IB: history asked for before the farms have reported may never be answered. */
const FARM_GRACE_MS = 5_000
/** A lost link that nobody reports as restored is given up, and a fresh connection tried. */
const LINK_DOWN_MAX_MS = 60_000

export interface GatewayDeps {
  readonly address: Address
  /** For `since`: market time. */
  readonly market: Clock
  readonly machine: Clock
  readonly random: Random
  readonly log: Log
}

const UNKNOWN_FARMS: Record<Farm, FarmState> = {
  marketData: 'unknown',
  historical: 'unknown',
  securityDefinition: 'unknown',
}

/** Keeps one connection to TWS alive, and says at any time what state it is in. */
export class Gateway {
  readonly #deps: GatewayDeps
  #connection: Connection | null = null
  #state: ConnectionState = 'standby'
  #since: EpochMs
  #reason: string | null = null
  #farms = { ...UNKNOWN_FARMS }
  #retryAfterMs = 0
  #stopLinkTimer: () => void = () => {}

  constructor(deps: GatewayDeps) {
    this.#deps = deps
    this.#since = deps.market.now()
  }

  /** Connects, and connects again after every end, until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      const lived = await this.#live(signal)
      if (signal.aborted) break
      failures = lived ? 0 : failures + 1
      const delayMs = Math.max(this.#retryAfterMs, this.#backoffMs(failures))
      this.#retryAfterMs = 0
      await this.#deps.machine.sleep(delayMs, signal).catch(() => {})
    }
    this.#enter('standby', null)
  }

  status(): GatewayStatus {
    const account = this.#connection?.accounts[0] ?? null
    return {
      state: this.#state,
      since: this.#since,
      reason: this.#reason,
      serverVersion: this.#connection?.serverVersion ?? null,
      account,
      accountType: account === null ? null : account.startsWith('D') ? 'paper' : 'live',
      readOnly: false,
      farms: { ...this.#farms },
    }
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** The connection, when requests may be sent. Throws `unavailable` otherwise: nothing is ever queued. */
  ready(): Connection {
    if (this.#state === 'ready' && this.#connection) return this.#connection
    throw unavailable(`the gateway is ${this.#state}${this.#reason ? `: ${this.#reason}` : ''}`)
  }

  /** One connection from start to end. True when it came to be ready. */
  async #live(signal: AbortSignal): Promise<boolean> {
    this.#enter('connecting', null)
    this.#farms = { ...UNKNOWN_FARMS }
    try {
      const connection = await Connection.open(
        this.#deps.address,
        {
          machine: this.#deps.machine,
          onNotice: (action, code, text) => this.#notice(action, code, text),
        },
        signal,
      )
      await this.#serve(connection, signal)
      return true
    } catch (error) {
      this.#enter('backoff', messageOf(error))
      return false
    }
  }

  async #serve(connection: Connection, signal: AbortSignal): Promise<void> {
    const close = (): void => connection.close('the service is stopping')
    signal.addEventListener('abort', close)
    this.#connection = connection
    this.#enter('syncing', 'waiting for the data farms')
    await this.#farmsReported(connection)
    if (!connection.ended.aborted) this.#enter('ready', null)
    await new Promise<void>((resolve) => {
      if (connection.ended.aborted) resolve()
      else connection.ended.addEventListener('abort', () => resolve())
    })
    signal.removeEventListener('abort', close)
    this.#stopLinkTimer()
    this.#connection = null
    this.#enter('backoff', messageOf(connection.ended.reason))
  }

  async #farmsReported(connection: Connection): Promise<void> {
    const { machine } = this.#deps
    const until = machine.now() + FARM_GRACE_MS
    while (this.#farms.historical === 'unknown' && machine.now() < until) {
      await machine.sleep(20, connection.ended).catch(() => {})
      if (connection.ended.aborted) return
    }
  }

  #notice(action: CodeAction, code: number, text: string): void {
    switch (action.does) {
      case 'farm':
        this.#farms[action.farm] = action.state
        break
      case 'link':
        this.#link(action.link, text)
        break
      case 'reconnect':
        this.#retryAfterMs = action.afterMs
        break
      case 'note':
      case 'failRequest':
      case 'historicalFailure':
        break
    }
    this.#deps.log.info({ code, text, does: action.does }, 'TWS says')
  }

  #link(link: 'down' | 'upDataLost' | 'upDataKept', text: string): void {
    this.#stopLinkTimer()
    if (link === 'down') this.#awaitLink(text)
    else if (this.#state === 'linkDown') this.#enter('ready', null)
  }

  #awaitLink(text: string): void {
    this.#enter('linkDown', text)
    const connection = this.#connection
    this.#stopLinkTimer = this.#deps.machine.after(LINK_DOWN_MAX_MS, () =>
      connection?.close('TWS has not restored its link'),
    )
  }

  #enter(state: ConnectionState, reason: string | null): void {
    if (state === this.#state && reason === this.#reason) return
    const changed = state !== this.#state
    this.#state = state
    this.#reason = reason
    if (!changed) return
    this.#since = this.#deps.market.now()
    this.#deps.log.info({ state, reason }, 'gateway')
  }

  #backoffMs(failures: number): number {
    const delayMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.max(0, failures - 1))
    return delayMs * (0.8 + 0.4 * this.#deps.random())
  }
}
