import type { IBApi } from '@stoqey/ib'
import { AppError, unavailable } from '../errors.ts'
import type { Clock } from '../market/time.ts'
import { actionOf, type CodeAction, historicalFailure } from './errorCodes.ts'
import { destroySocket, sendAtOnce } from './frameGuard.ts'
import { RequestBook } from './requests.ts'
import { type Answer, openWire, type WireEvent } from './wire.ts'

const HANDSHAKE_MS = 5_000
/** A ping every 4 s, and 9 s without a byte is the end: a dead link is noticed in less than 10 s. */
const PING_EVERY_MS = 4_000
const SILENCE_MS = 9_000

export interface Address {
  readonly host: string
  readonly port: number
  readonly clientId: number
}

export interface ConnectionDeps {
  readonly machine: Clock
  /** Told of every message of TWS that answers no request. */
  readonly onNotice: (action: CodeAction, code: number, text: string) => void
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
  #heardAt: number
  #version: number | null = null
  #accounts: readonly string[] = []
  #nextOrderId: number | null = null

  private constructor(address: Address, deps: ConnectionDeps) {
    this.#deps = deps
    this.#book = new RequestBook(deps.machine)
    this.#heardAt = deps.machine.now()
    this.#api = openWire(address.host, address.port, (event) => this.#take(event))
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
      const silentMs = this.#deps.machine.now() - this.#heardAt
      if (silentMs >= SILENCE_MS) this.close('TWS has fallen silent')
      if (this.ended.aborted) return
      this.#api.reqCurrentTime()
      // The beat that finds the silence complete must not come a whole interval late.
      stop = this.#deps.machine.after(Math.min(PING_EVERY_MS, SILENCE_MS - silentMs), beat)
    }
    stop = this.#deps.machine.after(PING_EVERY_MS, beat)
    this.ended.addEventListener('abort', () => stop())
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
    const action = actionOf(code, id !== null)
    if (id !== null && this.#failRequest(action, code, text, id)) return
    this.#deps.onNotice(action, code, text)
    if (action.does === 'reconnect') this.close(`${text} (${code})`)
  }

  /** True when the message ended a request or belonged to one. */
  #failRequest(action: CodeAction, code: number, text: string, id: number): boolean {
    if (action.does === 'failRequest') {
      return this.#book.fail(id, new AppError(action.kind, `TWS refused (${code}): ${text}`))
    }
    if (action.does !== 'historicalFailure') return false
    return this.#book.deliver(id, { type: 'historicalFailure', failure: historicalFailure(text), text })
  }
}
