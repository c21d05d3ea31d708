import { EventEmitter } from 'node:events'
import type { Duplex } from '../../src/gateway/duplex.ts'
import type { Clock, EpochMs, Random } from '../../src/market/time.ts'

export interface LineDeps {
  readonly clock: Clock
  readonly random: Random
  /** How long a byte is under way at this moment. */
  readonly latencyMs: () => number
}

/** The server's side of a line. */
export interface ServerEnd {
  receive(data: Buffer): void
  closed(): void
}

/** How long a server believes in a client whose bytes have stopped coming. */
const SERVER_PATIENCE_MS = 25_000

/** The client's side: what the library takes for its socket. */
export class ClientEnd extends EventEmitter implements Duplex {
  readonly #onWrite: (data: Buffer) => void
  readonly #onClose: () => void
  isClosed = false

  constructor(onWrite: (data: Buffer) => void, onClose: () => void) {
    super()
    this.#onWrite = onWrite
    this.#onClose = onClose
  }

  write(data: Uint8Array): void {
    if (!this.isClosed) this.#onWrite(Buffer.from(data))
  }

  end(): void {
    this.destroy()
  }

  destroy(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#onClose()
    this.removeAllListeners()
  }

  setNoDelay(): void {}

  /** The other side is gone. */
  lose(error: string | null): void {
    if (this.isClosed) return
    if (error !== null) this.emit('error', new Error(error))
    this.emit('close')
    this.destroy()
  }
}

/** One TCP connection in memory. Bytes keep their order, arrive when the clock says so, and in pieces of any size. */
export class Line {
  readonly client: ClientEnd
  /** Nothing arrives any more, in either direction, and nobody is told. */
  isStalled = false
  server: ServerEnd | null = null
  readonly #deps: LineDeps
  #downAt: EpochMs
  #upAt: EpochMs

  constructor(deps: LineDeps) {
    this.#deps = deps
    this.#downAt = deps.clock.now()
    this.#upAt = deps.clock.now()
    this.client = new ClientEnd(
      (data) => this.#toServer(data),
      () => this.#hangUp(),
    )
  }

  /** Bytes for the client, cut at one or two places now and then. */
  send(bytes: Buffer): void {
    const { random } = this.#deps
    const cut = random() < 0.3 ? Math.floor(random() * bytes.length) : 0
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)])
      if (piece.length > 0) this.sendWhole(piece)
  }

  sendWhole(piece: Buffer, extraMs = 0): void {
    this.#downAt = this.#next(this.#downAt, extraMs)
    this.#deps.clock.after(this.#downAt - this.#deps.clock.now(), () => {
      if (!this.isStalled && !this.client.isClosed) this.client.emit('data', piece)
    })
  }

  /** Closed by the server: `error` is what the client's socket reports, if anything, after all that was sent. */
  close(error: string | null): void {
    const { server } = this
    this.server = null
    server?.closed()
    this.#downAt = this.#next(this.#downAt, 0)
    this.#deps.clock.after(this.#downAt - this.#deps.clock.now(), () => {
      if (!this.isStalled) this.client.lose(error)
    })
  }

  #toServer(data: Buffer): void {
    this.#upAt = this.#next(this.#upAt, 0)
    this.#deps.clock.after(this.#upAt - this.#deps.clock.now(), () => {
      if (!this.isStalled) this.server?.receive(data)
    })
  }

  #hangUp(): void {
    this.#upAt = this.#next(this.#upAt, this.isStalled ? SERVER_PATIENCE_MS : 0)
    this.#deps.clock.after(this.#upAt - this.#deps.clock.now(), () => {
      const { server } = this
      this.server = null
      server?.closed()
    })
  }

  #next(lastAt: EpochMs, extraMs: number): EpochMs {
    const { clock, latencyMs } = this.#deps
    return Math.max(lastAt, clock.now() + Math.ceil(latencyMs() + extraMs)) as EpochMs
  }
}
