import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A message as TWS frames it: 4 bytes of length, then fields that each end in NUL. */
export function frame(...fields: (string | number)[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''))
  const header = Buffer.alloc(4)
  header.writeUInt32BE(body.length)
  return Buffer.concat([header, body])
}

export const VERSION = frame(193, '20260601 09:31:00 US/Eastern')
const ACCOUNTS = frame(15, 1, 'DU1234567')
const NEXT_ID = frame(9, 1, 1)
export const HANDSHAKE = Buffer.concat([VERSION, ACCOUNTS, NEXT_ID])

export interface ScriptedTws {
  readonly port: number
  /** Everything that clients sent, as text. */
  readonly received: () => string
  close(): void
}

/** A server that does to each connection what `script` says: the place for behaviour that no simulator should have. */
export async function scriptedTws(script: (socket: Socket) => void): Promise<ScriptedTws> {
  const sockets = new Set<Socket>()
  let received = ''
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      received += data.toString('latin1')
    })
    script(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
