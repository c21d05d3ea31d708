import type { Socket } from 'node:net'
import { onTestFinished, vi } from 'vitest'
import { openAlerts } from '../../src/alerts.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { IbBroker } from '../../src/gateway/ibBroker.ts'
import type { BrokerReport } from '../../src/ports/broker.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { frame, HANDSHAKE, scriptedTws } from '../support/scriptedTws.ts'
import { silentLog } from '../support/simulator.ts'

export const FARMS_OK = frame(4, 2, -1, 2106, 'HMDS data farm connection is OK:ushmds', '')
export const notice = (code: number, text: string) => frame(4, 2, -1, code, text, '')

/** What a TWS does besides: greet, answer pings and questions for its books, which are empty. */
export interface TwsScript {
  /** What a question of the books is answered with, by its message id; null for no answer. */
  readonly answers?: Readonly<Record<string, (fields: readonly string[]) => Buffer | null>>
  readonly greeting?: (connection: number) => Buffer
  readonly onConnection?: (socket: Socket, connection: number) => void
  readonly isAlive?: () => boolean
  readonly hurry?: number
}

const EMPTY_BOOKS: NonNullable<TwsScript['answers']> = {
  7: ([, , id]) => frame(55, 1, id!),
  8: () => frame(9, 1, 12),
  16: () => frame(53, 1),
  49: () => frame(49, 1, Math.floor(Date.now() / 1_000)),
  61: () => frame(62, 1),
  62: ([, , id]) =>
    Buffer.concat([frame(63, 1, id!, 'DU1234567', 'NetLiquidation', '100000.5', 'USD'), frame(64, 1, id!)]),
  99: () => frame(102),
}

/** A broker over a gateway on a scripted TWS, ready. */
export async function brokerStage(script: TwsScript = {}) {
  const clock = hurriedClock(script.hurry ?? 1)
  const answers = { ...EMPTY_BOOKS, ...script.answers }
  const sockets: Socket[] = []
  const server = await scriptedTws((socket) => {
    socket.setNoDelay(true)
    const connection = sockets.push(socket)
    socket.write(script.greeting?.(connection) ?? Buffer.concat([HANDSHAKE, FARMS_OK]))
    eachFrame(socket, (fields) => {
      if (script.isAlive?.() === false) return
      const answer = answers[fields[0]!]?.(fields)
      if (answer) socket.write(answer)
    })
    script.onConnection?.(socket, connection)
  })
  const edges = { market: clock, machine: clock, log: silentLog }
  const gateway = new Gateway({
    ...{ ...edges, random: () => 0.5, alerts: openAlerts(edges) },
    address: { host: '127.0.0.1', port: server.port, clientId: 17 },
  })
  const broker = new IbBroker({ ...edges, gateway, clientId: 17, account: null })
  const reports: BrokerReport[] = []
  broker.onReport((report) => reports.push(report))
  const stopping = new AbortController()
  void gateway.run(stopping.signal)
  onTestFinished(() => {
    stopping.abort()
    server.close()
  })
  const of = <K extends BrokerReport['kind']>(kind: K) =>
    reports.filter((report): report is Extract<BrokerReport, { kind: K }> => report.kind === kind)
  const orders = () => framesOf(server.received()).filter(([id]) => id === '3')
  await is(() => gateway.isReady)
  return { gateway, broker, reports, of, orders, server, clock, tws: () => sockets.at(-1)! }
}

export const is = (check: () => boolean) => vi.waitUntil(check, { timeout: 10_000, interval: 5 })

/** Cuts what the client sends into messages; the greeting is left out. */
function eachFrame(socket: Socket, take: (fields: string[]) => void): void {
  let rest = Buffer.alloc(0)
  let isGreeted = false
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data])
    if (!isGreeted) {
      const version = rest.length >= 8 ? rest.readUInt32BE(4) : Number.POSITIVE_INFINITY
      if (rest.length < 8 + version) return
      rest = rest.subarray(8 + version)
      isGreeted = true
    }
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
      const end = 4 + rest.readUInt32BE(0)
      take(fieldsOf(rest.subarray(4, end)))
      rest = rest.subarray(end)
    }
  })
}

const fieldsOf = (body: Buffer): string[] => body.toString('utf8').split('\0').slice(0, -1)

/** The messages of a client, as fields, out of everything that it sent on its first connection. */
function framesOf(received: string): string[][] {
  let rest = Buffer.from(received, 'latin1')
  rest = rest.subarray(8 + rest.readUInt32BE(4))
  const frames: string[][] = []
  while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
    const end = 4 + rest.readUInt32BE(0)
    frames.push(fieldsOf(rest.subarray(4, end)))
    rest = rest.subarray(end)
  }
  return frames
}
