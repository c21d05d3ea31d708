import type { IBApi } from '@stoqey/ib'
import type { Duplex } from './duplex.ts'

/** What we lean on of the library's inside. Version 1.6.10; a test fails when it moves. */
export interface LibraryController {
  readonly socket: {
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
  pause(): void
  rateLimiter(tokens: unknown[]): void
}

const METHODS = ['connect', 'send', 'onConnect', 'onData', 'onEnd', 'onError'] as const

export function libraryController(api: IBApi): LibraryController {
  const { controller } = api as unknown as { controller?: Partial<LibraryController> }
  const { socket } = controller ?? {}
  const isKnown =
    typeof controller?.pause === 'function' &&
    typeof controller.rateLimiter === 'function' &&
    METHODS.every((name) => typeof socket?.[name] === 'function') &&
    typeof socket?._status === 'number'
  if (!isKnown) throw new Error('@stoqey/ib has changed: its controller is not where we expect it')
  return controller as LibraryController
}
