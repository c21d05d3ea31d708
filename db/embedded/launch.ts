import { createServer } from 'node:net'
import type { Log } from '../../src/log.ts'
import { type Binaries, programOf } from './binaries.ts'
import { failure } from './failure.ts'
import { type Guarded, guard } from './guard.ts'
import type { Place } from './location.ts'
import { clusterName, lockedPid } from './lock.ts'

export interface LaunchDeps {
  readonly place: Place
  readonly binaries: Binaries
  readonly log: Log
  /** Ends the server, by a fast shutdown. */
  readonly signal: AbortSignal
}

/** A server that accepts connections. */
export interface Server {
  readonly pid: number
  readonly port: number
  /** Resolves when it has ended, however it did. */
  readonly exited: Promise<number>
  /** Its last words. */
  output(): string
}

const PORTS_TRIED = 5
const READY = /database system is ready to accept connections/
const PORT_TAKEN = /could not (bind|create any TCP\/IP sockets)/

/** Starts the server on a free port: another program may take it between the asking and the use, then on another. */
export async function launchAnywhere(deps: LaunchDeps): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort()
    const server = await tryLaunch(deps, port)
    if ('pid' in server) return server
    if (tries === PORTS_TRIED || !PORT_TAKEN.test(server.output())) throw startFailure(deps, server)
  }
}

/** Starts the server on this very port, so that the connections of a pool find it again. */
export async function launchOn(deps: LaunchDeps, port: number): Promise<Server> {
  const server = await tryLaunch(deps, port)
  if ('pid' in server) return server
  throw startFailure(deps, server)
}

/** Recovery after a crash may take its time: the wait ends with the server only. */
async function tryLaunch(deps: LaunchDeps, port: number): Promise<Server | Guarded> {
  const { place, binaries, signal, log } = deps
  const command = [programOf(binaries, 'postgres'), '-D', place.directory, ...settings(port)]
  const onLine = (line: string) => log.debug({}, `postgres: ${line}`)
  const program = guard(command, { account: place.account, signal, onLine })
  const ready = program.said(READY).then(() => true)
  const pid = (await Promise.race([ready, program.silent])) && (await lockedPid(place.directory))
  return pid ? { ...program, pid, port } : program
}

/** Loopback only, no socket file. Errors of statements go to who sent them, not to the server's log. */
function settings(port: number): string[] {
  const values = {
    cluster_name: clusterName(process.pid),
    fsync: 'on',
    jit: 'off',
    listen_addresses: '127.0.0.1',
    log_checkpoints: 'off',
    log_min_messages: 'log',
    log_timezone: 'UTC',
    max_connections: 200,
    port,
    shared_buffers: '128MB',
    timezone: 'UTC',
    unix_socket_directories: '',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

const startFailure = ({ place }: LaunchDeps, { output }: Pick<Guarded, 'output'>) =>
  failure('Starting the database', place.directory, output())

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
