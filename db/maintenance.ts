import { resolve } from 'node:path'
import { messageOf } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import { startCluster } from './embedded/cluster.ts'
import { runningUrl } from './embedded/running.ts'

export const dataDir = (): string => resolve(process.env.DATA_DIR || './data')

/**
 * Runs `work` on the database of DATABASE_URL, or on the embedded one of DATA_DIR, started for it. With `joins` it goes
 * beside a service that has it running; without, such a database is refused as in use.
 */
export async function atDatabase<T>(
  log: Log,
  work: (url: string) => Promise<T>,
  { joins = false } = {},
): Promise<T> {
  const url = process.env.DATABASE_URL || (joins ? await runningUrl(dataDir()) : null)
  if (url) return work(url)
  const cluster = await startCluster({ dataDir: dataDir(), log })
  return work(cluster.url).finally(() => cluster.stop())
}

/** Runs a command: what goes wrong is one sentence on standard error, and the exit code 1. */
export async function conclude(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    console.error(messageOf(error))
    process.exitCode = 1
  }
}
