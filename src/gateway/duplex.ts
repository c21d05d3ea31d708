import type { IBApi } from '@stoqey/ib'

/** A stream of bytes that behaves as a TCP socket does towards the library. */
export interface Duplex {
  on(event: 'connect' | 'close' | 'end', listener: () => void): this
  on(event: 'data', listener: (data: Buffer) => void): this
  on(event: 'error', listener: (error: Error) => void): this
  write(data: Uint8Array): void
  end(): void
  destroy(): void
  setNoDelay(on: boolean): void
}

/** Opens a stream to TWS. Every listener is attached before anything happens on it. */
export type Dial = () => Duplex

/** What the library's `connect` leans on. Version 1.6.10; a test fails when it moves. */
interface LibrarySocket {
  connect(clientId?: number): void
  send(tokens: unknown[]): void
  onConnect(): void
  onData(data: Buffer): void
  onEnd(): void
  onError(error: Error): void
  _status: number
  _clientId: number
  client?: Duplex
}

interface LibraryController {
  readonly socket: LibrarySocket
  pause(): void
  rateLimiter(tokens: unknown[]): void
}

/** The library's `ConnectionStatus.Connecting`. */
const CONNECTING = 2

/**
 * Makes the library speak over another stream than a TCP socket of its own. Its rate limiter counts in real time, so it
 * is taken out: whoever dials limits what is sent.
 */
export function dialBy(api: IBApi, dial: Dial): void {
  const controller = libraryController(api)
  const { socket } = controller
  controller.rateLimiter = (tokens) => socket.send(tokens)
  socket.connect = (clientId = socket._clientId) => {
    socket._status = CONNECTING
    socket._clientId = clientId
    controller.pause()
    socket.client = dial()
      .on('connect', () => socket.onConnect())
      .on('data', (data) => socket.onData(data))
      .on('close', () => socket.onEnd())
      .on('end', () => socket.onEnd())
      .on('error', (error) => socket.onError(error))
  }
}

const METHODS = ['connect', 'send', 'onConnect', 'onData', 'onEnd', 'onError'] as const

function libraryController(api: IBApi): LibraryController {
  const { controller } = api as unknown as { controller?: Partial<LibraryController> }
  const { socket } = controller ?? {}
  const isKnown =
    typeof controller?.pause === 'function' &&
    typeof controller.rateLimiter === 'function' &&
    METHODS.every((name) => typeof socket?.[name] === 'function') &&
    typeof socket?._status === 'number'
  if (!isKnown) throw new Error('@stoqey/ib has changed: its socket is not where another stream is put')
  return controller as LibraryController
}
