import type { IBApi } from '@stoqey/ib'
import { messageOf, unavailable } from '../errors.ts'
import type { Clock } from '../market/time.ts'
import type { BooksMessage, OrderMessage } from './booksMessages.ts'
import type { CodeAction } from './errorCodes.ts'
import { destroySocket, inOnePiece, sendAtOnce, unsentBytes } from './frameGuard.ts'
import { Handshake } from './handshake.ts'
import { Heartbeat } from './heartbeat.ts'
import { Messages } from './messages.ts'
import { RequestBook } from './requests.ts'
import { SendRate } from './sendRate.ts'
import { type Answer, openWire, type Peer, type WireEvent } from './wire.ts'

/** An order may leave when TWS was heard within this time. */
const HEARD_MAX_MS = 5_000

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
  /** What is asked without a number, and answered so: one at a time. */
  readonly #inquiries: RequestBook<BooksMessage>
  readonly #rate: SendRate
  readonly #heartbeat: Heartbeat
  readonly #messages: Messages
  readonly #handshake = new Handshake()

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
    this.#messages = new Messages({
      book: this.#book,
      inquiries: this.#inquiries,
      onNotice: deps.onNotice,
      onOrderMessage: (message) => deps.onOrderMessage?.(message),
      close: (reason) => this.close(reason),
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
      await connection.#handshake.wait(deps.machine, connection.ended, (reason) => connection.close(reason))
      sendAtOnce(connection.#api)
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
    return this.#handshake.version
  }

  get accounts(): readonly string[] {
    return this.#handshake.accounts
  }

  /** The order id that TWS has told last. */
  get nextOrderId(): number {
    return this.#handshake.nextOrderId ?? 0
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

  #take(event: WireEvent): void {
    if (this.ended.aborted) return
    switch (event.type) {
      case 'heard':
        this.#heartbeat.heard()
        break
      case 'version':
        if (!Number.isInteger(event.version)) this.close('the handshake was answered with garbage')
        this.#handshake.version = event.version
        break
      case 'accounts':
        this.#handshake.accounts = event.ids
        break
      case 'nextOrderId':
        this.#handshake.nextOrderId = event.id
        this.#inquiries.deliverToAll({ type: 'nextOrderId', id: event.id })
        break
      case 'time':
        this.#heartbeat.answered()
        this.#deps.onTime?.(event.epochS)
        break
      case 'message':
        this.#messages.take(event)
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
    this.#handshake.check()
  }

  #ping(): void {
    this.#messages.forgive()
    this.#deps.onAsked?.()
    this.#rate.atOnce(() => this.#api.reqCurrentTime())
  }
}
