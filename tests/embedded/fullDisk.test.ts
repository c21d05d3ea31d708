import { execFileSync } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask, scratchFolder, start } from './support.ts'

/** Mounts a disk of so many megabytes; null where the system does not let us. */
async function smallDisk(megabytes: number): Promise<string | null> {
  const folder = await scratchFolder()
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'small', folder])
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('/bin/umount', ['--lazy', folder]))
  return folder
}

/** Writes a file until nothing more fits. */
function fill(path: string): void {
  try {
    execFileSync('/bin/dd', ['if=/dev/zero', `of=${path}`, 'bs=4k'], { stdio: 'ignore' })
  } catch {
    // the disk is full, as wanted
  }
}

const fullDisk = (dataDir: string) => ({
  kind: 'unavailable',
  message: `The disk of the database in ${dataDir}/postgres is full: free some space and start again.`,
})

const noMount = 'only root may mount a small disk, and not in every container'

test('a disk too small for a cluster is told, and nothing is left on it', async ({ skip }) => {
  const dataDir = (await smallDisk(24)) ?? skip(noMount)
  await expect(start({ dataDir })).rejects.toMatchObject(fullDisk(dataDir))
  expect(await readdir(dataDir)).toEqual([])
})

test('a start on a full disk is told, and succeeds when there is space again', async ({ skip }) => {
  const dataDir = (await smallDisk(80)) ?? skip(noMount)
  const ballast = join(dataDir, 'ballast')
  await (await start({ dataDir })).stop()
  fill(ballast)
  await expect(start({ dataDir })).rejects.toMatchObject(fullDisk(dataDir))
  await rm(ballast)
  const { url } = await start({ dataDir })
  expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 })
})
