import { join } from 'node:path'
import type { Log } from '../../src/log.ts'
import { type Binaries, findBinaries, majorOf, runnableBinaries } from './binaries.ts'
import { holdsCluster, initialise, passwordOf, ROLE, refuseOtherMajor } from './initialise.ts'
import { launchAnywhere, type Server } from './launch.ts'
import { type LocationOptions, locate, makeFolder, type Place, prepare } from './location.ts'
import { freeDirectory } from './lock.ts'
import { Supervisor } from './supervise.ts'
import { inTurn } from './turn.ts'

export interface ClusterOptions extends LocationOptions {
  readonly log: Log
  /** Called once, with the reason, when the server is gone for good without having been stopped. */
  readonly onExit?: (reason: unknown) => void
  /** False leaves the making of the cluster unsynced: for tests. Default true. */
  readonly sync?: boolean
}

/** An embedded PostgreSQL that runs as long as this process, and no longer. */
export interface Cluster {
  /** `postgresql://role:password@127.0.0.1:port/database`; the same over restarts of the server. */
  readonly url: string
  /** PostgreSQL's data directory. */
  readonly directory: string
  /** Whether the database was made at this very start. */
  readonly created: boolean
  /** Process id of the server that runs now. */
  readonly pid: number
  /** Ends the server within three seconds; may be called again. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL of `dataDir`, made first where there is none, and keeps it up until it is stopped. Throws
 * `conflict` when a living process uses it, `unavailable` when the disk is full, `refused` when it cannot be: each with
 * one sentence that says what to do.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const found = await findBinaries()
  await makeFolder(options.dataDir)
  const place = await locate(options)
  await prepare(place)
  return inTurn(join(place.home, 'postgres.turn'), () => startAt(place, found, options))
}

async function startAt(place: Place, found: Binaries, options: ClusterOptions): Promise<Cluster> {
  const stopping = new AbortController()
  const { log, onExit = () => {} } = options
  const exists = await findCluster(place, found)
  const binaries = await runnableBinaries(found, place)
  const deps = { place, binaries, log, signal: stopping.signal }
  const created = !exists && (await initialise({ ...deps, sync: options.sync ?? true }))
  const password = await passwordOf(place)
  const server = await launchAnywhere(deps)
  tell(place, server, log)
  const supervisor = new Supervisor({ ...deps, onExit }, server)
  return {
    url: `postgresql://${ROLE}:${password}@127.0.0.1:${server.port}/postgres`,
    directory: place.directory,
    created,
    get pid() {
      return supervisor.pid
    },
    stop() {
      stopping.abort()
      return supervisor.ended
    },
  }
}

/** Whether there is a cluster; one that is not ours, not of this version or not free is refused. */
async function findCluster(place: Place, found: Binaries): Promise<boolean> {
  if (!(await holdsCluster(place))) return false
  await refuseOtherMajor(place, majorOf(found))
  await freeDirectory(place.directory)
  return true
}

function tell({ directory, apart }: Place, { port, pid }: Server, log: Log): void {
  const reason = apart ? ', since its server may not enter the data directory' : ''
  log.info({ port, postgres: pid }, `The database lies in ${directory}${reason}.`)
}
