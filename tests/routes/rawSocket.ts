import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  /** Of every answer that came, in order. */
  readonly statuses: readonly number[]
  readonly text: string
  /** Whether the server has closed the connection before we lost patience. */
  readonly isClosed: boolean
}

export const portOf = (address: string): number => Number(address.split(':').at(-1))

/** Sends bytes as they are, and takes what comes until the server closes, or nothing has come for `patienceMs`. */
export async function sendRaw(
  address: string,
  bytes: string | Uint8Array,
  patienceMs = 1_000,
): Promise<RawAnswer> {
  const socket = connect(portOf(address), '127.0.0.1')
  const closed = once(socket, 'close')
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {}) // a reset: the server has closed
  socket.setTimeout(patienceMs)
  const patience = once(socket, 'timeout')
  socket.write(bytes)
  const isClosed = await Promise.race([closed.then(() => true), patience.then(() => false)])
  socket.destroy()
  return { statuses: statusesIn(text), text, isClosed }
}

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

/** How long the server keeps a connection that does what `act` does with it. */
export async function heldMs(address: string, act: (socket: Socket) => void): Promise<number> {
  const socket = connect(portOf(address), '127.0.0.1')
  await once(socket, 'connect')
  const from = performance.now()
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  act(socket)
  await closed
  return performance.now() - from
}
