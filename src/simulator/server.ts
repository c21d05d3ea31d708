import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { refused } from '../errors.ts'
import { Connection, type Wire } from './connection.ts'
import { controlServer } from './control/controlServer.ts'
import { type SimulatorStatus, statusReport } from './status.ts'
import { DEFAULT_SWITCHES } from './switches.ts'
import { openTerminal, type TerminalOptions } from './terminal.ts'
import { type OnDivergence, Replay } from './transcript/replay.ts'
import type { TranscriptLine } from './transcript/transcript.ts'
import type { Tws } from './tws.ts'

export interface SimulatorOptions extends TerminalOptions {
  /** A loopback address: the control port has no password. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
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
  const { host, log } = options
  if (!LOOPBACK.has(host)) throw refused(`the simulator listens on loopback alone, not on ${host}`)
  const { tws, control, beginEvents } = openTerminal(options)
  const http = controlServer(control)
  const { server, sockets } = socketServer((socket) => route(socket, http, tws))
  const port = await listening(server, options)
  const leaveDoor = attend(tws, server, { host, port })
  const endEvents = beginEvents()
  log.info({ host, port }, 'the simulator listens')
  const close = () => {
    leaveDoor()
    endEvents()
    return closed(server, sockets)
  }
  return { host, port, status: () => statusReport(control), close }
}

/** How often a port that somebody else has taken is tried again. */
const RETRY_MS = 1_000

/** Shuts and opens the port as the door is shut and opened. Returns what ends that. */
function attend({ door, machine, log }: Tws, server: Server, at: { host: string; port: number }): () => void {
  let giveUp = () => {}
  const open = () => void server.listen(at)
  const retry = (err: Error) => {
    if (server.listening || !door.isOpen) return
    log.error({ err, ...at }, 'the port cannot be opened again; it is tried every second')
    giveUp = machine.after(RETRY_MS, open)
  }
  server.on('error', retry)
  const shut = () => {
    giveUp()
    server.close()
  }
  door.watch((isOpen) => (isOpen ? open() : shut()))
  return () => {
    giveUp()
    server.off('error', retry)
    door.watch(() => {})
  }
}

function socketServer(take: (socket: Socket) => void): { server: Server; sockets: ReadonlySet<Socket> } {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    socket.on('error', () => socket.destroy())
    take(socket)
  })
  return { server, sockets }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

const LETTER_A = 'A'.charCodeAt(0)

/** One port, two protocols: TWS clients begin with `API\0`, and no HTTP method begins with an A. */
function route(socket: Socket, http: HttpServer, tws: Tws): void {
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

/** The server's end of one client's connection. */
interface ServerEnd {
  receive(chunk: Buffer): void
  closed(isBroken: boolean): void
}

const serve = (socket: Socket, tws: Tws): void =>
  attach(socket, tws.switches.maxUnreadBytes, (wire) => new Connection(tws, wire))

function attach(socket: Socket, maxUnreadBytes: number, accept: (wire: Wire) => ServerEnd): void {
  socket.setNoDelay(true)
  const end = accept({
    write(bytes) {
      socket.write(bytes)
      if (socket.writableLength > maxUnreadBytes) socket.destroy()
    },
    end: () => socket.setTimeout(FAREWELL_MS, () => socket.destroy()).end(),
    reset: () => socket.resetAndDestroy(),
  })
  socket.on('data', (chunk: Buffer) => end.receive(chunk))
  socket.on('close', (isBroken) => end.closed(isBroken))
}

export interface ReplayOptions {
  readonly host: string
  readonly port: number
  readonly transcript: readonly TranscriptLine[]
  readonly onDivergence: OnDivergence
}

/** Serves a recorded session on a TCP port. Rejects when it cannot listen. */
export async function startReplay(options: ReplayOptions): Promise<Pick<Simulator, 'port' | 'close'>> {
  const replay = new Replay(options.transcript, options.onDivergence)
  const { server, sockets } = socketServer((socket) =>
    attach(socket, DEFAULT_SWITCHES.maxUnreadBytes, (wire) => replay.serve(wire)),
  )
  const port = await listening(server, options)
  return { port, close: () => closed(server, sockets) }
}

function listening(server: Server, { host, port }: Pick<SimulatorOptions, 'host' | 'port'>): Promise<number> {
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
