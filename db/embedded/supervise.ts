import { setTimeout as sleep } from 'node:timers/promises'
import { isRetryable, messageOf } from '../../src/errors.ts'
import { type LaunchDeps, launchOn, type Server } from './launch.ts'
import { freeDirectory } from './lock.ts'

export interface SuperviseDeps extends LaunchDeps {
  /** Called once, when the server has ended unasked and could not be started again. */
  readonly onExit: (reason: unknown) => void
}

// The waits before the starts in a row; a server that has run for a minute begins a new row.
const BACK_OFF_MS = [0, 250, 1_000, 2_000, 4_000]
const STEADY_MS = 60_000

/** Keeps a server up until `signal` is aborted: one that ends unasked is started again on its port. */
export class Supervisor {
  readonly #deps: SuperviseDeps
  #server: Server
  #starts = 0
  /** Resolves when no server is left and none will be started. */
  readonly ended: Promise<void>

  constructor(deps: SuperviseDeps, server: Server) {
    this.#deps = deps
    this.#server = server
    this.ended = this.#keepUp()
  }

  /** Process id of the server that runs now, or ran last. */
  get pid(): number {
    return this.#server.pid
  }

  async #keepUp(): Promise<void> {
    const { signal, onExit } = this.#deps
    try {
      while (await this.#endsUnasked()) this.#server = await this.#startAgain()
    } catch (reason) {
      if (!signal.aborted) onExit(reason)
    }
  }

  async #endsUnasked(): Promise<boolean> {
    const { log, signal } = this.#deps
    const since = performance.now()
    const status = await this.#server.exited
    if (signal.aborted) return false
    log.warn({ status, said: this.#server.output() }, 'The database server has ended and is started again.')
    if (performance.now() - since > STEADY_MS) this.#starts = 0
    return true
  }

  /** Throws when stopped, or with the reason of the last failure. A full disk passes, and is not counted. */
  async #startAgain(): Promise<Server> {
    const { log, signal } = this.#deps
    for (;;) {
      await sleep(BACK_OFF_MS[this.#starts] ?? 0, undefined, { signal })
      this.#starts += 1
      try {
        return await this.#startOnce()
      } catch (reason) {
        signal.throwIfAborted()
        log.error({ reason: messageOf(reason) }, 'The database server could not be started again.')
        if (isRetryable(reason)) this.#starts = BACK_OFF_MS.length - 1
        else if (this.#starts >= BACK_OFF_MS.length) throw reason
      }
    }
  }

  async #startOnce(): Promise<Server> {
    const { place, log } = this.#deps
    await freeDirectory(place.directory, process.pid)
    const server = await launchOn(this.#deps, this.#server.port)
    log.info({ postgres: server.pid, port: server.port }, 'The database server is back.')
    return server
  }
}
