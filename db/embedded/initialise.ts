import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { refused } from '../../src/errors.ts'
import { handOver } from './account.ts'
import { type Binaries, programOf } from './binaries.ts'
import { failure, unusable } from './failure.ts'
import { guard } from './guard.ts'
import type { Place } from './location.ts'
import { makeWhole } from './unfinished.ts'

/** The one role of a cluster of ours. */
export const ROLE = 'engine'

export interface InitialiseOptions {
  readonly place: Place
  readonly binaries: Binaries
  /** Whether to wait until everything is on the disk; false suits a cluster that lives for one test. */
  readonly sync: boolean
  readonly signal: AbortSignal
}

/** Whether the place holds a cluster of ours. Any other content is refused and stays as it is. */
export async function holdsCluster({ directory }: Place): Promise<boolean> {
  const names = await namesIn(directory)
  if (names.length === 0) return false
  if (names.includes('PG_VERSION') && names.includes('password')) return true
  throw refused(
    `${directory} is no database of this program, and nothing in it was touched: move it away, or set DATA_DIR to another folder.`,
  )
}

/** Data files of one major version cannot be read by another. */
export async function refuseOtherMajor({ directory }: Place, major: string): Promise<void> {
  const version = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim()
  if (version === major) return
  throw refused(
    `The database in ${directory} was made by PostgreSQL ${version}, and this release brings ${major}: start it with the release that made it, or set DATA_DIR to another folder.`,
  )
}

/** Makes the cluster in one step: a start that was cut short leaves nothing that looks like one. */
export async function initialise(options: InitialiseOptions): Promise<boolean> {
  const { directory, account } = options.place
  const made = await makeWhole(directory, async (unfinished) => {
    const password = join(unfinished, 'password')
    const cluster = join(unfinished, 'cluster')
    await mkdir(unfinished, { mode: 0o700 })
    await writeFile(password, randomBytes(24).toString('hex'), { mode: 0o600 })
    if (account) await handOver(unfinished, account)
    await initdb(options, cluster, password)
    await rename(password, join(cluster, 'password'))
    return cluster
  })
  if (options.sync) await syncFolder(dirname(directory))
  return made
}

/** The password of the cluster's role, known only to who may read the cluster itself. */
export const passwordOf = ({ directory }: Place): Promise<string> =>
  readFile(join(directory, 'password'), 'utf8')

const namesIn = (directory: string): Promise<string[]> =>
  readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw unusable(directory, error)
  })

async function initdb(options: InitialiseOptions, cluster: string, password: string): Promise<void> {
  const { place, binaries, sync, signal } = options
  const command = [
    programOf(binaries, 'initdb'),
    ...['--pgdata', cluster, '--username', ROLE, '--pwfile', password, '--auth=scram-sha-256'],
    ...['--locale=C', '--encoding=UTF8', '--data-checksums', ...(sync ? [] : ['--no-sync'])],
  ]
  const program = guard(command, { account: place.account, signal })
  const status = await program.exited
  await program.silent
  if (status !== 0) throw failure('Making the database', place.directory, program.output())
}

/** The new name itself must survive a power failure. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}
