import type { IBApi } from '@stoqey/ib'
import { AppError, type ErrorKind, messageOf, unavailable } from '../errors.ts'
import type { Clock } from '../market/time.ts'
import type { BooksMessage, OrderMessage } from './booksMessages.ts'
import { actionOf, COMPETING, type CodeAction, historicalFailure } from './errorCodes.ts'
import { destroySocket, inOnePiece, sendAtOnce, unsentBytes } from './frameGuard.ts'
import { Heartbeat } from './heartbeat.ts'
import { isOrderId, isRequestId, RequestBook } from './requests.ts'
import { SendRate } from './sendRate.ts'
import { type Answer, openWire, type Peer, type WireEvent, type WireMessage } from './wire.ts'

const HANDSHAKE_MS = 5_000
/** Messages that the library could not read, between two pings. */
const UNREAD_MAX = 10
/** An order may leave when TWS was heard within this time. */
const HEARD_MAX_MS = 5_000
/** The library's words for a message that ended too early. */
const LOST_ORDER =
  /^Underrun error on (OPEN_ORDER|ORDER_STATUS|EXECUTION_DATA|COMMISSION_REPORT|POSITION|COMPLETED_ORDER)\b/

export interface Address extends Peer {
  readonly clientId: number
}

export interface ConnectionDeps {
  readonly machine: Clock
  /** Told of every message of TWS that answers no request. */
  readonly onNotice: (action: CodeAction, code: number, text: string) => void
  /** The time of TWS was asked for, and told in seconds of the epoch. */
  readonly onAsked?: () => void
  readonly onTime?: (epochS: number) => void
  /** What TWS tells of its books, in its order, asked or not. */
  readonly onBooks?: (message: BooksMessage) => void
  readonly onOrderMessage?: (message: OrderMessage) => void
}

/** A question of which TWS's answer carries no number. */
export interface Inquiry<T> {
  readonly deadlineMs: number
  readonly send: (api: IBApi) => void
  readonly receive: (message: BooksMessage) => T | undefined
}

export interface Question<T> {
  /** Null for a stream, which ends with the signal, a failure or the connection. */
  readonly deadlineMs: number | null
  readonly send: (api: IBApi, id: number) => void
  readonly cancel?: (api: IBApi, id: number) => void
  /** Takes one message of the answer; a value ends the question, a throw fails it. */
  readonly receive: (answer: Answer) => T | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * One TCP connection to TWS from its first byte to its last, around one IBApi object that is never used again: what
 * the library queues, limits or remembers ends with it. Questions are refused after the end.
 */
export class Connection {
  readonly #api: IBApi
  readonly #deps: ConnectionDeps
  readonly #book: RequestBook<Answer>
  readonly #ended = new AbortController()
  readonly #shaken = new AbortController()
  /** What is asked without a number, and answered so: one at a time. */
  readonly #inquiries: RequestBook<BooksMessage>
  readonly #rate: SendRate
  readonly #heartbeat: Heartbeat
  #unread = 0
  #version: number | null = null
  #accounts: readonly string[] = []
  #nextOrderId: number | null = null

  private constructor(address: Address, deps: ConnectionDeps) {
    this.#deps = deps
    this.#book = new RequestBook(deps.machine)
    this.#inquiries = new RequestBook(deps.machine)
    this.#api = openWire(address, (event) => this.#take(event))
    this.#rate = new SendRate(deps.machine)
    this.#rate.limit(this.#api)
    this.#heartbeat = new Heartbeat({
      machine: deps.machine,
      ping: () => this.#ping(),
      unsentBytes: () => unsentBytes(this.#api),
      fail: (reason) => this.close(reason),
    })
  }

  /** Connects and waits for version, accounts and next order id, at most 5 s in all. Rejects with `unavailable`. */
  static async open(address: Address, deps: ConnectionDeps, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted()
    const connection = new Connection(address, deps)
    const giveUp = (): void => connection.close('the connection was given up')
    signal.addEventListener('abort', giveUp)
    try {
      connection.#api.connect(address.clientId)
      await connection.#shakeHands()
      connection.#heartbeat.start(connection.ended)
      return connection
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** Aborted when the connection has ended; the reason is an AppError that says why. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  get serverVersion(): number | null {
    return this.#version
  }

  get accounts(): readonly string[] {
    return this.#accounts
  }

  /** The order id that TWS has told last. */
  get nextOrderId(): number {
    return this.#nextOrderId ?? 0
  }

  /** Sends one request and gathers its answer. Rejects with `unavailable` at the deadline and at the end. */
  ask<T>(question: Question<T>): Promise<T> {
    return this.#book.ask({
      deadlineMs: question.deadlineMs,
      receive: question.receive,
      signal: question.signal,
      send: (id) => question.send(this.#api, id),
      cancel: (id) => {
        if (!this.ended.aborted) question.cancel?.(this.#api, id)
      },
    })
  }

  /**
   * Asks what TWS answers without a number. When the answer stays away the connection ends: what came late would be
   * taken for the next answer.
   */
  inquire<T>(inquiry: Inquiry<T>): Promise<T> {
    return this.#inquiries.ask({
      ...inquiry,
      send: () => inquiry.send(this.#api),
      cancel: () => this.close('TWS did not tell its books in time'),
    })
  }

  /** Why nothing could leave this very moment, or null: something waits, or the other side is not known to be alive. */
  jam(messages: number): string | null {
    if (this.ended.aborted) return messageOf(this.ended.reason)
    if (unsentBytes(this.#api) > 0) return 'TWS has not read what was sent before'
    if (this.#heartbeat.silentMs > HEARD_MAX_MS) return 'TWS has been silent for too long'
    return this.#rate.hasRoomFor(messages) ? null : 'too many messages are being sent'
  }

  /** Whether a question to TWS was answered within `limitMs`. */
  async roundTrip(limitMs: number): Promise<boolean> {
    return !this.ended.aborted && this.#heartbeat.roundTrip(limitMs)
  }

  /**
   * Writes to the wire in this turn and in one piece, past what waits, and answers how many messages left. Throws
   * `unavailable` after the end.
   */
  sendNow(write: (api: IBApi) => void): number {
    if (this.ended.aborted) throw this.ended.reason
    return this.#rate.atOnce(() => inOnePiece(this.#api, () => write(this.#api)))
  }

  /** Ends it now. Everything that waits is rejected, and nothing more is sent. */
  close(reason: string): void {
    if (this.ended.aborted) return
    this.#ended.abort(unavailable(reason))
    this.#book.end(reason)
    this.#inquiries.end(reason)
    this.#rate.end()
    this.#api.disconnect()
    destroySocket(this.#api)
  }

  #shakeHands(): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopTimer = this.#deps.machine.after(HANDSHAKE_MS, () =>
        this.close(`no handshake within ${HANDSHAKE_MS / 1_000} s`),
      )
      this.#shaken.signal.addEventListener('abort', () => {
        stopTimer()
        resolve()
      })
      this.ended.addEventListener('abort', () => {
        stopTimer()
        reject(this.ended.reason)
      })
    })
  }

  #take(event: WireEvent): void {
    if (this.ended.aborted) return
    switch (event.type) {
      case 'heard':
        this.#heartbeat.heard()
        break
      case 'version':
        if (!Number.isInteger(event.version)) this.close('the handshake was answered with garbage')
        this.#version = event.version
        break
      case 'accounts':
        this.#accounts = event.ids
        this.#checkHandshake()
        break
      case 'nextOrderId':
        this.#nextOrderId = event.id
        this.#checkHandshake()
        this.#inquiries.deliverToAll({ type: 'nextOrderId', id: event.id })
        break
      case 'time':
        this.#heartbeat.answered()
        this.#deps.onTime?.(event.epochS)
        break
      case 'message':
        this.#message(event)
        break
      case 'books':
        this.#deps.onBooks?.(event.message)
        this.#inquiries.deliverToAll(event.message)
        break
      case 'answer':
        this.#book.deliver(event.id, event.answer)
        break
      case 'broken':
        this.close(event.reason)
        break
    }
  }

  #checkHandshake(): void {
    if (this.#version === null || this.#nextOrderId === null || this.#accounts.length === 0) return
    sendAtOnce(this.#api)
    this.#shaken.abort()
  }

  #ping(): void {
    this.#unread = 0
    this.#deps.onAsked?.()
    this.#rate.atOnce(() => this.#api.reqCurrentTime())
  }

  #message({ code, text, id, details }: WireMessage): void {
    const action = actionOf(code, id !== null && isRequestId(id), text)
    if (id !== null && isOrderId(id)) this.#deps.onOrderMessage?.({ orderId: id, code, text, details })
    else if (id !== null && this.#failRequest(action, code, text, id)) return
    this.#deps.onNotice(action, code, text)
    if (action.does === 'flag' && action.flag === 'readOnly')
      this.#inquiries.failAll(refusal('refused', code, text))
    if (action.does === 'reconnect') this.close(`${text} (${code})`)
    if (action.does === 'countUnread') this.#countUnread(text)
  }

  /** What is told of an order and cannot be read is lost: a new connection tells it again. */
  #countUnread(text: string): void {
    if (LOST_ORDER.test(text)) this.close('a message about orders could not be read')
    if (++this.#unread > UNREAD_MAX) this.close('TWS sends garbage')
  }

  /** True when the message ended a request or belonged to one. */
  #failRequest(action: CodeAction, code: number, text: string, id: number): boolean {
    if (action.does === 'failRequest') return this.#book.fail(id, refusal(action.kind, code, text))
    if (action.does === 'flag' && action.kind !== null) {
      this.#book.fail(id, refusal(action.kind, code, text))
      return false
    }
    if (action.does !== 'historicalFailure') return false
    const failure = historicalFailure(text)
    if (failure === 'competing') this.#deps.onNotice(COMPETING, code, text)
    return this.#book.deliver(id, { type: 'historicalFailure', failure, text })
  }
}

const refusal = (kind: ErrorKind, code: number, text: string): AppError =>
  new AppError(kind, `TWS refused (${code}): ${text}`)
