import type { IBApi } from '@stoqey/ib'
import { AppError, type ErrorKind, unavailable } from '../errors.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import { actionOf, COMPETING, type CodeAction, historicalFailure } from './errorCodes.ts'
import { destroySocket, sendAtOnce, unsentBytes } from './frameGuard.ts'
import { RequestBook } from './requests.ts'
import { type Answer, openWire, type Peer, type WireEvent } from './wire.ts'

const HANDSHAKE_MS = 5_000
/** A ping every 4 s, and 9 s without a byte is the end: a dead link is noticed in less than 10 s. */
const PING_EVERY_MS = 4_000
const SILENCE_MS = 9_000
/** TWS lags by some seconds on weekends; one that sends but no longer answers is as good as dead. */
const PONG_MAX_MS = 20_000
/** A TWS that does not read: how much, or for how long, something may wait to be sent. */
const UNSENT_MAX_BYTES = 2 ** 20
const UNSENT_MAX_MS = 5_000
/** Messages that the library could not read, between two pings. */
const UNREAD_MAX = 10

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
}

export interface Question<T> {
  readonly deadlineMs: number
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
  #heardAt: EpochMs
  /** Since when a ping waits for its answer, and something for being sent. */
  #pingedAt: EpochMs | null = null
  #unsentSince: EpochMs | null = null
  #unread = 0
  #version: number | null = null
  #accounts: readonly string[] = []
  #nextOrderId: number | null = null

  private constructor(address: Address, deps: ConnectionDeps) {
    this.#deps = deps
    this.#book = new RequestBook(deps.machine)
    this.#heardAt = deps.machine.now()
    this.#api = openWire(address, (event) => this.#take(event))
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
      connection.#keepAlive()
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

  /** Ends it now. Everything that waits is rejected, and nothing more is sent. */
  close(reason: string): void {
    if (this.ended.aborted) return
    this.#ended.abort(unavailable(reason))
    this.#book.end(reason)
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

  #keepAlive(): void {
    let stop = (): void => {}
    const beat = (): void => {
      const now = this.#deps.machine.now()
      const fault = this.#fault(now)
      if (fault !== null) this.close(fault)
      if (this.ended.aborted) return
      this.#ping(now)
      stop = this.#deps.machine.after(this.#nextBeatMs(now), beat)
    }
    this.ended.addEventListener('abort', () => stop())
    beat()
  }

  #ping(now: EpochMs): void {
    this.#unread = 0
    this.#pingedAt ??= now
    this.#deps.onAsked?.()
    this.#api.reqCurrentTime()
  }

  /** The beat that finds a silence or a jam complete must not come a whole interval late. */
  #nextBeatMs(now: EpochMs): number {
    if (this.#unsentSince !== null) return UNSENT_MAX_MS / 5
    return Math.min(PING_EVERY_MS, SILENCE_MS - (now - this.#heardAt))
  }

  /** Why the connection is of no use any more, or null. */
  #fault(now: EpochMs): string | null {
    const unsent = unsentBytes(this.#api)
    this.#unsentSince = unsent === 0 ? null : (this.#unsentSince ?? now)
    if (unsent > UNSENT_MAX_BYTES || now - (this.#unsentSince ?? now) >= UNSENT_MAX_MS)
      return 'TWS no longer reads'
    if (now - this.#heardAt >= SILENCE_MS) return 'TWS has fallen silent'
    if (now - (this.#pingedAt ?? now) >= PONG_MAX_MS) return 'TWS no longer answers'
    return null
  }

  #take(event: WireEvent): void {
    if (this.ended.aborted) return
    switch (event.type) {
      case 'heard':
        this.#heardAt = this.#deps.machine.now()
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
        break
      case 'time':
        this.#pingedAt = null
        this.#deps.onTime?.(event.epochS)
        break
      case 'message':
        this.#message(event.code, event.text, event.id)
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

  #message(code: number, text: string, id: number | null): void {
    const action = actionOf(code, id !== null, text)
    if (id !== null && this.#failRequest(action, code, text, id)) return
    this.#deps.onNotice(action, code, text)
    if (action.does === 'reconnect') this.close(`${text} (${code})`)
    if (action.does === 'countUnread' && ++this.#unread > UNREAD_MAX) this.close('TWS sends garbage')
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
