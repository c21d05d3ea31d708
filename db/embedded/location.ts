import { createHash } from 'node:crypto'
import { access, chmod, chown, mkdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { refused } from '../../src/errors.ts'
import { type Account, handOver, mayEnter, nobody } from './account.ts'
import { unusable } from './failure.ts'

/** Where a cluster lives and whose it is. */
export interface Place {
  /** The cluster: PostgreSQL's data directory. */
  readonly directory: string
  /** The folder around it, where a copy of the binaries may lie too. */
  readonly home: string
  /** Whether `home` is a folder of the system's state directory, made for the database alone. */
  readonly apart: boolean
  /** The account of the server; null: ourselves. */
  readonly account: Account | null
}

export interface LocationOptions {
  readonly dataDir: string
  /** The system's state directory. Default `/var/lib`. */
  readonly stateDir?: string
}

/**
 * The place of the cluster of `dataDir`: `DATA_DIR/postgres`. Where we are root, the server is not: it runs as the owner
 * of the cluster, or as nobody, and a tree that this account may not enter gets one folder in the system's state
 * directory instead, named by a hash of `DATA_DIR`.
 */
export async function locate({ dataDir, stateDir = '/var/lib' }: LocationOptions): Promise<Place> {
  const home = await realpath(dataDir).catch(() => resolve(dataDir))
  const directory = join(home, 'postgres')
  if (process.getuid?.() !== 0) return { directory, home, apart: false, account: null }
  const account = (await ownerOf(directory)) ?? (await nobody())
  const inside = { directory, home, apart: false, account }
  const enters = await mayEnter(home, account)
  if (await isCluster(directory)) return enters ? inside : cannotEnter(directory, account)
  const far = join(resolve(stateDir), `ibkr-pivot-engine-${hashOf(home)}`)
  if (enters && !(await exists(far))) return inside
  return {
    directory: join(far, 'postgres'),
    home: far,
    apart: true,
    account: (await ownerOf(far)) ?? account,
  }
}

/** Makes a folder with its parents, or says why it cannot be. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw unusable(folder, error)
  })
}

/** Makes the folder around the cluster, and gives the server what must be its own. */
export async function prepare({ directory, home, apart, account }: Place): Promise<void> {
  if (!account) return
  if (apart) {
    await makeFolder(home)
    await chown(home, account.uid, account.gid)
    await chmod(home, 0o700)
  }
  // A copy that root has put back is root's, and the server insists on owning it.
  if ((await isCluster(directory)) && !(await ownerOf(directory))) await handOver(directory, account)
}

const isCluster = (directory: string): Promise<boolean> => exists(join(directory, 'PG_VERSION'))

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** The same name for the same absolute `DATA_DIR`, always. */
const hashOf = (home: string): string => createHash('sha256').update(home).digest('hex').slice(0, 12)

/** The owner of a folder; null where there is none or it is root, under whom no server runs. */
async function ownerOf(folder: string): Promise<Account | null> {
  const { uid, gid } = await stat(folder).catch(() => ({ uid: 0, gid: 0 }))
  return uid === 0 ? null : { uid, gid }
}

function cannotEnter(directory: string, { uid }: Account): never {
  throw refused(
    `The database lies in ${directory}, which its server (user ${uid}) may not enter any more: open the folders above it (chmod a+x), or move it elsewhere and set DATA_DIR.`,
  )
}
