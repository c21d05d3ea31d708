import { resolve } from 'node:path'
import { passwordOf, ROLE } from './initialise.ts'
import { locate } from './location.ts'
import { portInUse } from './lock.ts'

/** The address of the cluster of `dataDir` while some process has it running, else null. */
export async function runningUrl(dataDir: string): Promise<string | null> {
  const place = await locate({ dataDir: resolve(dataDir) })
  const port = await portInUse(place.directory)
  if (port === null) return null
  return `postgresql://${ROLE}:${await passwordOf(place)}@127.0.0.1:${port}/postgres`
}
