import type { IBApi } from '@stoqey/ib'
import { libraryController } from './libraryController.ts'

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

/** The library's `ConnectionStatus.Connecting`. */
const CONNECTING = 2

/** Makes the library speak over another stream than a TCP socket of its own. */
export function dialBy(api: IBApi, dial: Dial): void {
  const controller = libraryController(api)
  const { socket } = controller
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
