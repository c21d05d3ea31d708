import { messageOf, refused, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../market/time.ts'
import {
  type Broker,
  type BrokerCommission,
  type BrokerReport,
  type BrokerSession,
  type BrokerSnapshot,
  isOfEverything,
  type OrderTicket,
  type SendOutcome,
  type SendPermit,
  type Suspension,
} from '../ports/broker.ts'
import { accountType } from './account.ts'
import type { BooksMessage, OrderMessage } from './booksMessages.ts'
import { brokerCommission, brokerExecution, brokerPosition } from './brokerExecutions.ts'
import { brokerOrder, statusReport } from './brokerOrders.ts'
import type { Gateway } from './gateway.ts'
import { orderEffect } from './orderCodes.ts'
import { sendTickets } from './sendPath.ts'
import { SessionReports } from './sessionReports.ts'
import type { GatewaySession } from './sessions.ts'
import { takeSnapshot } from './snapshot.ts'

export interface IbBrokerDeps {
  readonly gateway: Gateway
  readonly clientId: number
  /** The account traded; null for the login's first. */
  readonly account: string | null
  readonly market: Clock
  readonly machine: Clock
  readonly log: Log
}

/** TWS as a broker, over whatever connection there is. */
export class IbBroker implements Broker {
  readonly #deps: IbBrokerDeps
  readonly #listeners = new Set<(report: BrokerReport) => void>()
  readonly #sessions = new SessionReports((report) => this.#tell(report))
  /** Of the session there is: the orders that TWS has taken, and what executions have cost. */
  #taken = new Set<number>()
  #commissions = new Map<string, BrokerCommission>()
  /** Its questions carry no numbers: one snapshot after the other. */
  #snapshots: Promise<unknown> = Promise.resolve()

  constructor(deps: IbBrokerDeps) {
    this.#deps = deps
    deps.gateway.watch({
      onReady: (data) => this.#ready(data),
      onChange: () => this.#changed(false),
      onBooks: (message) => this.#books(message),
      onOrderMessage: (message) => this.#message(message),
    })
  }

  get session(): BrokerSession | null {
    const { gateway, clientId } = this.#deps
    if (gateway.session === null) return null
    const { number, connection, since } = gateway.session
    const { accounts, nextOrderId } = connection
    return { number, clientId, accounts, accountType: accountType(accounts[0]!), nextOrderId, since }
  }

  get suspension(): Suspension | null {
    const { state, reason, readOnly, competing, delayed } = this.#deps.gateway.status()
    if (this.#deps.gateway.session === null) return null
    if (state !== 'ready') return { kind: 'link', reason: reason ?? `the gateway is ${state}` }
    if (readOnly) return { kind: 'readOnly', reason: READ_ONLY }
    if (competing) return { kind: 'data', reason: 'another session uses the market data' }
    return delayed ? { kind: 'data', reason: 'the market data come late' } : null
  }

  onReport(listener: (report: BrokerReport) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  snapshot(): Promise<BrokerSnapshot> {
    const taken = this.#snapshots.then(() => this.#snapshot())
    this.#snapshots = taken.catch(() => {})
    return taken
  }

  place(tickets: readonly OrderTicket[], permit: SendPermit): Promise<SendOutcome> {
    const path = {
      session: () => this.#deps.gateway.session,
      suspension: (isEntry: boolean) => {
        const { suspension } = this
        return suspension !== null && (isEntry || isOfEverything(suspension)) ? suspension.reason : null
      },
    }
    return sendTickets(path, tickets, permit)
  }

  async cancel(orderId: number): Promise<void> {
    this.#usable().connection.sendNow((api) => api.cancelOrder(orderId))
  }

  async cancelEverything(): Promise<void> {
    this.#usable().connection.sendNow((api) => api.reqGlobalCancel())
  }

  recycle(reason: string): void {
    this.#deps.gateway.recycle(reason)
  }

  async #snapshot(): Promise<BrokerSnapshot> {
    const session = this.#usable()
    const { market, machine } = this.#deps
    const account = this.#deps.account ?? session.connection.accounts[0]!
    const commissionOf = ({ root, revision }: { root: string; revision: number }) =>
      this.#commissions.get(`${root}.${revision}`) ?? null
    return takeSnapshot(session, { market, machine, account, commissionOf })
  }

  /** The session while its link stands. */
  #usable(): GatewaySession {
    const { session } = this.#deps.gateway
    if (session === null) throw unavailable('there is no session with TWS')
    const { state, readOnly, reason } = this.#deps.gateway.status()
    if (state !== 'ready') throw unavailable(reason ?? `the gateway is ${state}`)
    if (readOnly) throw refused(READ_ONLY)
    return session
  }

  #ready(data: 'kept' | 'lost'): void {
    if (data === 'lost') this.#sessions.lost()
    this.#changed(true)
  }

  #changed(isRestored: boolean): void {
    const { session } = this.#deps.gateway
    if (session === null) this.#forget()
    this.#sessions.update(session?.number ?? null, isOfEverything(this.suspension), isRestored)
  }

  #forget(): void {
    this.#taken = new Set()
    this.#commissions = new Map()
  }

  #books(message: BooksMessage): void {
    const report = this.#report(message)
    if (report === null) return
    if (report.kind === 'order') this.#take(report.order)
    if (report.kind === 'status') this.#take(report)
    if (report.kind === 'commission')
      this.#commissions.set(`${report.commission.root}.${report.commission.revision}`, report.commission)
    this.#tell(report)
  }

  /** Other clients have orders of the same numbers. */
  #take({ clientId, orderId }: { clientId: number; orderId: number }): void {
    if (clientId === this.#deps.clientId) this.#taken.add(orderId)
  }

  /** What is told without having been asked for. */
  #report(message: BooksMessage): BrokerReport | null {
    switch (message.type) {
      case 'openOrder':
        return { kind: 'order', order: brokerOrder(message.contract, message.order, message.state) }
      case 'orderStatus':
        return statusReport(message.status)
      case 'execution': {
        const { contract, execution } = message
        return { kind: 'execution', execution: brokerExecution(contract, execution, this.#deps.market.now()) }
      }
      case 'commission':
        return { kind: 'commission', commission: brokerCommission(message.report) }
      case 'position':
        return { kind: 'position', position: brokerPosition(message.position) }
      case 'openOrdersEnd':
      case 'positionsEnd':
      case 'completedOrder':
      case 'completedOrdersEnd':
      case 'nextOrderId':
        return null
    }
  }

  #message({ orderId, code, text, details }: OrderMessage): void {
    const effect = orderEffect(code, text, this.#taken.has(orderId))
    this.#deps.log.info({ orderId, code, text, effect }, 'TWS says of an order')
    this.#tell({ kind: 'message', orderId, effect, code, text, details })
  }

  /** A listener that fails must not take the connection with it. */
  #tell(report: BrokerReport): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(report)
      } catch (error) {
        this.#deps.log.error({ error: messageOf(error), report }, 'a report of the broker was not taken')
      }
    }
  }
}

const READ_ONLY = 'TWS takes no orders from programs: its API is read-only'
