import { type AppError, unavailable } from '../errors.ts'
import type { Clock } from '../market/time.ts'

/** Order ids count up from nextValidId; requests live far above, because TWS's errors carry one id for both. */
const FIRST_REQUEST_ID = 1_000_000_000
/** TWS gives a message this in place of an id that it does not know. */
const NO_ID = 2 ** 31 - 1

export const isRequestId = (id: number): boolean => id >= FIRST_REQUEST_ID && id < NO_ID
export const isOrderId = (id: number): boolean => id > 0 && id < FIRST_REQUEST_ID

export interface RequestSpec<M, T> {
  /** Null for a stream, which ends with the signal, a failure or the connection. */
  readonly deadlineMs: number | null
  /** Puts the request on the wire. */
  readonly send: (id: number) => void
  /** Tells TWS to stop, when we no longer wait for an answer that may still come. */
  readonly cancel?: (id: number) => void
  /** Takes one message of the answer; a value other than undefined ends the request. */
  readonly receive: (message: M) => T | undefined
  readonly signal?: AbortSignal | undefined
}

interface Pending<M> {
  receive(message: M): void
  fail(error: Error): void
}

/** The requests that wait for an answer on one connection. Every promise settles: answer, deadline, abort or end. */
export class RequestBook<M> {
  readonly #pending = new Map<number, Pending<M>>()
  readonly #clock: Clock
  #nextId = FIRST_REQUEST_ID
  #ended: AppError | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#pending.size
  }

  /** Sends and waits. Rejects with `unavailable` at the deadline, and when the connection ends first. */
  ask<T>(spec: RequestSpec<M, T>): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      const settle = (act: () => void): void => {
        stopTimer()
        spec.signal?.removeEventListener('abort', abort)
        if (this.#pending.delete(id)) act()
      }
      const give = (reason: string): void => {
        settle(() => reject(unavailable(reason)))
        spec.cancel?.(id)
      }
      const abort = (): void => give('the request was given up')
      const stopTimer =
        spec.deadlineMs === null
          ? () => {}
          : this.#clock.after(spec.deadlineMs, () => give('TWS did not answer in time'))
      spec.signal?.addEventListener('abort', abort)
      this.#pending.set(id, {
        receive: (message) => {
          try {
            const value = spec.receive(message)
            if (value !== undefined) settle(() => resolve(value))
          } catch (error) {
            settle(() => reject(error))
          }
        },
        fail: (error) => settle(() => reject(error)),
      })
      spec.send(id)
    })
  }

  /** False when nobody waits under this id (any more). */
  deliver(id: number, message: M): boolean {
    const pending = this.#pending.get(id)
    pending?.receive(message)
    return pending !== undefined
  }

  /** For answers without a number: everything that waits takes it. */
  deliverToAll(message: M): void {
    for (const pending of [...this.#pending.values()]) pending.receive(message)
  }

  failAll(error: Error): void {
    for (const pending of [...this.#pending.values()]) pending.fail(error)
  }

  fail(id: number, error: Error): boolean {
    const pending = this.#pending.get(id)
    pending?.fail(error)
    return pending !== undefined
  }

  /** Rejects everything that waits, and everything asked from now on. */
  end(reason: string): void {
    this.#ended = unavailable(`the connection to TWS ended: ${reason}`)
    this.failAll(this.#ended)
  }
}
