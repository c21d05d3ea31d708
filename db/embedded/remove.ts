import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { COPY_PREFIX } from './binaries.ts'
import { holdsCluster } from './initialise.ts'
import { type LocationOptions, locate, type Place } from './location.ts'
import { freeDirectory } from './lock.ts'
import { removeAbandoned } from './unfinished.ts'

/**
 * Removes the database of a `DATA_DIR`, with a copy of the binaries made for it, and nothing else. Gives the folders
 * removed. Throws `conflict` when a living process uses the database, `refused` when the folder is none of ours.
 */
export async function removeCluster(options: LocationOptions): Promise<readonly string[]> {
  const place = await locate(options)
  if (await holdsCluster(place)) await freeDirectory(place.directory)
  const folders = await foldersOf(place)
  for (const folder of folders) await removeWhole(folder)
  return folders
}

async function foldersOf({ directory, home, apart }: Place): Promise<string[]> {
  const names = await readdir(home).catch(() => null)
  if (apart) return names ? [home] : []
  return (names ?? [])
    .map((name) => join(home, name))
    .filter((path) => path === directory || path.startsWith(join(home, COPY_PREFIX)))
}

/** A removal that is cut short leaves no half cluster: the next start or removal finishes it. */
async function removeWhole(folder: string): Promise<void> {
  await removeAbandoned(folder)
  const doomed = `${folder}.new.${process.pid}`
  await rename(folder, doomed)
  await rm(doomed, { recursive: true })
}
