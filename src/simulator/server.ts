import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { World } from '../clock/world.ts'
import { refused } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import { PAPER_ACCOUNT } from './account.ts'
import { Connection, type Wire } from './connection.ts'
import { control } from './control.ts'
import type { MarketSource } from './market.ts'
import { type Origin, type SimulatorStatus, statusReport } from './status.ts'
import { DEFAULT_SWITCHES, type Switches, Tws } from './tws.ts'

export interface SimulatorOptions {
  /** A loopback address: the control port has no password. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly market: MarketSource
  readonly world: World
  /** The machine's instant at which the world began. */
  readonly anchor: EpochMs
  /** The market's clock. */
  readonly clock: Clock
  readonly machine: Clock
  readonly log: Log
  readonly switches?: Partial<Switches>
}

export interface Simulator {
  readonly host: string
  readonly port: number
  status(): SimulatorStatus
  /** Closes every connection and the port. */
  close(): Promise<void>
}

/** A TWS on a TCP port. Whoever speaks HTTP there reaches its control port. Rejects when it cannot listen. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host, world, anchor, market, clock, machine, log } = options
  if (!LOOPBACK.has(host)) throw refused(`the simulator listens on loopback alone, not on ${host}`)
  const switches = { ...DEFAULT_SWITCHES, ...options.switches }
  const tws = new Tws({ market, clock, machine, account: PAPER_ACCOUNT, switches, log })
  const sockets = new Set<Socket>()
  const http = controlServer(tws, { world, anchor })
  const server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    route(socket, http, tws)
  })
  const port = await listening(server, options)
  log.info({ host, port }, 'the simulator listens')
  const close = () => closed(server, sockets)
  return { host, port, status: () => statusReport(tws, { world, anchor }), close }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

const LETTER_A = 'A'.charCodeAt(0)

/** One port, two protocols: TWS clients begin with `API\0`, and no HTTP method begins with an A. */
function route(socket: Socket, http: HttpServer, tws: Tws): void {
  socket.on('error', () => socket.destroy())
  socket.once('data', (first: Buffer) => {
    socket.pause()
    if (first[0] === LETTER_A) serve(socket, tws)
    else http.emit('connection', socket)
    socket.unshift(first)
    socket.resume()
  })
}

/** How long a client may take to read the last words and hang up. */
const FAREWELL_MS = 2_000

function serve(socket: Socket, tws: Tws): void {
  socket.setNoDelay(true)
  const wire: Wire = {
    write(bytes) {
      socket.write(bytes)
      if (socket.writableLength > tws.switches.maxUnreadBytes) socket.destroy()
    },
    end: () => socket.setTimeout(FAREWELL_MS, () => socket.destroy()).end(),
  }
  const connection = new Connection(tws, wire)
  socket.on('data', (chunk: Buffer) => connection.receive(chunk))
  socket.on('close', () => connection.closed())
}

function controlServer(tws: Tws, origin: Origin): HttpServer {
  return createHttpServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    const { status, body } = control(request.method ?? 'GET', path, tws, origin)
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify(body))
  })
}

function listening(server: Server, { host, port }: SimulatorOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    // For good: a later error, such as too many open files, costs one connection and not the process.
    server.on('error', reject)
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port))
  })
}

function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  })
}
