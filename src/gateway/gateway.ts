import { messageOf, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, type EpochMs, epochMs, MINUTE_MS, type Random } from '../market/time.ts'
import type { Alerts } from '../ports/alerts.ts'
import type { GatewayStatus } from '../ports/gateway.ts'
import { accountType, strangeAccounts } from './account.ts'
import { Backoff } from './backoff.ts'
import { ClientIdClaim } from './clientIdClaim.ts'
import { ClockSkew } from './clockSkew.ts'
import { Conditions } from './conditions.ts'
import { type Address, Connection } from './connection.ts'
import { CLIENT_ID_IN_USE, type CodeAction } from './errorCodes.ts'
import { noticeLog } from './noticeLog.ts'
import { Outage } from './outage.ts'
import { type GatewaySession, Sessions } from './sessions.ts'
import { Standing, type StateChange } from './standing.ts'
import { type GatewayWatcher, Watchers } from './watchers.ts'

/** IB: history asked for before the farms have reported may never be answered. */
const FARM_GRACE_MS = 5_000
/** A lost link that nobody reports as restored is given up, and a fresh connection tried. */
const LINK_DOWN_MAX_MS = MINUTE_MS

export interface GatewayDeps {
  readonly address: Address
  /** For `since`, planned absences and the skew of TWS's clock: market time. */
  readonly market: Clock
  readonly machine: Clock
  readonly random: Random
  readonly alerts: Alerts
  readonly log: Log
  readonly onState?: (change: StateChange) => void
  /** Told whenever it is ready again: what was missed has to be asked for, and what was subscribed again. */
  readonly onReady?: (data: 'kept' | 'lost') => void
}

/** Keeps one connection to TWS alive, and says at any time what state it is in. */
export class Gateway {
  readonly #deps: GatewayDeps
  readonly #outage: Outage
  readonly #standing: Standing
  readonly #backoff: Backoff
  readonly #claim: ClientIdClaim
  #skew: ClockSkew
  readonly #tell: (action: CodeAction, code: number, text: string) => void
  #conditions: Conditions
  #connection: Connection | null = null
  #accounts: readonly string[] | null = null
  readonly #watchers = new Watchers()
  readonly #sessions: Sessions
  #stopLinkTimer: () => void = () => {}

  constructor(deps: GatewayDeps) {
    this.#deps = deps
    this.#outage = new Outage(deps.market, deps.alerts)
    this.#standing = new Standing({ ...deps, outage: this.#outage })
    this.#backoff = new Backoff(deps.random)
    this.#claim = new ClientIdClaim(deps.market, deps.alerts)
    this.#skew = new ClockSkew(deps.market, deps.alerts)
    this.#sessions = new Sessions(deps.market)
    this.#conditions = this.#newConditions()
    this.#tell = noticeLog(deps)
  }

  /** Connects, and connects again after every end, until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const lived = await this.#live(signal)
      if (signal.aborted) break
      if (this.#standing.state === 'closed') await untilAborted(signal)
      await this.#deps.machine.sleep(this.#backoff.afterMs(lived), signal).catch(() => {})
    }
    this.#standing.enter('standby', null)
    this.#outage.ended()
  }

  status(): GatewayStatus {
    const account = this.#connection?.accounts[0] ?? null
    return {
      state: this.#standing.state,
      since: this.#standing.since,
      reason: this.#standing.reason ?? this.#conditions.pause,
      serverVersion: this.#connection?.serverVersion ?? null,
      account,
      accountType: account === null ? null : accountType(account),
      ...this.#conditions.flags,
      plannedDowntime: this.#outage.planned,
      needsLogin: this.#outage.needsLogin,
      clockSkewMs: this.#skew.ms,
      farms: { ...this.#conditions.farms },
    }
  }

  get isReady(): boolean {
    return this.#standing.state === 'ready' && this.#conditions.pause === null
  }

  /** What TWS's clock says, as far as it has told; never ahead of the market's. */
  get brokerTime(): EpochMs {
    return epochMs(this.#deps.market.now() + Math.min(0, this.#skew.ms ?? 0))
  }

  /** The connection, when requests may be sent. Throws `unavailable` otherwise: nothing is ever queued. */
  ready(): Connection {
    if (this.isReady && this.#connection) return this.#connection
    const { state, reason } = this.status()
    throw unavailable(`the gateway is ${state}${reason ? `: ${reason}` : ''}`)
  }

  /** The session, also while its link is lost: until the connection ends. */
  get session(): GatewaySession | null {
    return this.#sessions.current
  }

  /** Tells `watcher` what happens, on this connection and the next ones. Returns what ends that. */
  watch(watcher: GatewayWatcher): () => void {
    return this.#watchers.add(watcher)
  }

  /** Gives the connection up; the next one is made as after any other end. */
  recycle(reason: string): void {
    this.#connection?.close(reason)
  }

  /** One connection from start to end. True when it came to be ready. */
  async #live(signal: AbortSignal): Promise<boolean> {
    this.#conditions = this.#newConditions()
    this.#skew = new ClockSkew(this.#deps.market, this.#deps.alerts)
    this.#standing.enter('connecting', this.#standing.reason)
    try {
      const connection = await Connection.open(
        this.#deps.address,
        {
          machine: this.#deps.machine,
          onNotice: (action, code, text) => this.#notice(action, code, text),
          onAsked: () => this.#skew.asked(),
          onTime: (epochS) => this.#skew.told(epochS),
          onBooks: (message) => this.#watchers.onBooks(message),
          onOrderMessage: (message) => this.#watchers.onOrderMessage(message),
        },
        signal,
      )
      return await this.#serve(connection, signal)
    } catch (error) {
      this.#lost(messageOf(error))
      return false
    }
  }

  async #serve(connection: Connection, signal: AbortSignal): Promise<boolean> {
    const close = (): void => connection.close('the service is stopping')
    signal.addEventListener('abort', close)
    try {
      if (!this.#recognise(connection)) return false
      this.#connection = connection
      this.#standing.enter('syncing', 'waiting for the data farms')
      await this.#farmsReported(connection)
      const isSynced = !connection.ended.aborted
      if (isSynced) this.#synced()
      await untilAborted(connection.ended)
      this.#lost(messageOf(connection.ended.reason))
      return isSynced
    } finally {
      signal.removeEventListener('abort', close)
      this.#stopLinkTimer()
      this.#conditions.end()
      this.#connection = null
      this.#sessions.end()
      this.#watchers.onChange()
    }
  }

  /** A link that went down while the farms reported is down. */
  #synced(): void {
    if (this.#conditions.lostLink === null) this.#becomeReady('lost')
    else this.#awaitLink(this.#conditions.lostLink)
  }

  /** False when TWS is logged in as somebody else than before: nothing is sent, and a person must decide. */
  #recognise(connection: Connection): boolean {
    const strange = strangeAccounts(this.#accounts, connection.accounts)
    this.#accounts ??= connection.accounts
    if (strange === null) return true
    connection.close(strange)
    this.#standing.enter('closed', strange)
    this.#deps.alerts.raise('gateway.account', strange)
    return false
  }

  /** The answers to both may come late; without them it goes on after a while. */
  async #farmsReported(connection: Connection): Promise<void> {
    const { machine } = this.#deps
    const until = machine.now() + FARM_GRACE_MS
    const isSilent = () => this.#conditions.farms.historical === 'unknown' || this.#skew.ms === null
    while (isSilent() && machine.now() < until) {
      await machine.sleep(20, connection.ended).catch(() => {})
      if (connection.ended.aborted) return
    }
  }

  #notice(action: CodeAction, code: number, text: string): void {
    this.#tell(action, code, text)
    this.#conditions.take(action, text)
    if (action.does === 'link') this.#link(action.link, text)
    if (action.does !== 'reconnect') return
    this.#backoff.atLeast(action.afterMs)
    if (code === CLIENT_ID_IN_USE) this.#claim.refused(text)
  }

  #link(link: 'down' | 'upDataLost' | 'upDataKept', text: string): void {
    if (this.#standing.state === 'syncing' || this.#standing.state === 'connecting') return
    if (link === 'down') this.#awaitLink(text)
    else if (this.#standing.state !== 'backoff') this.#becomeReady(link === 'upDataLost' ? 'lost' : 'kept')
  }

  /** TWS says that its link is down again and again: the first time counts. */
  #awaitLink(text: string): void {
    this.#outage.goesOn(text)
    if (this.#standing.state === 'linkDown') return
    this.#standing.enter('linkDown', text)
    this.#watchers.onChange()
    const connection = this.#connection
    this.#stopLinkTimer = this.#deps.machine.after(LINK_DOWN_MAX_MS, () =>
      connection?.close('TWS has not restored its link'),
    )
  }

  #becomeReady(data: 'kept' | 'lost'): void {
    this.#stopLinkTimer()
    this.#claim.granted()
    this.#outage.ended()
    this.#standing.enter('ready', null)
    if (this.#connection !== null) this.#sessions.open(this.#connection)
    this.#deps.onReady?.(data)
    this.#watchers.onReady(data)
  }

  #newConditions(): Conditions {
    return new Conditions({ ...this.#deps, onChange: () => this.#watchers.onChange() })
  }

  #lost(reason: string): void {
    this.#standing.enter('backoff', reason)
    this.#outage.goesOn(reason)
  }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
