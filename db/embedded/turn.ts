import { readlink, rm, symlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unusable } from './failure.ts'
import { isRunning } from './processes.ts'

const PAUSE_MS = 50
const PAUSES = 300

/**
 * Does `work` while no other process does such work at `path`. The sign of a turn is a link that points at a pid: it is
 * made in one step, and on a full disk too. One whose process has died, or which lasts for fifteen seconds, is void:
 * from its launch on, a server's own lock keeps others away.
 */
export async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (let pauses = 0; !(await claim(path)); pauses += 1) {
    if (pauses > PAUSES || (await isVoid(path))) await rm(path, { force: true })
    else await sleep(PAUSE_MS)
  }
  return work().finally(() => rm(path, { force: true }))
}

const claim = (path: string): Promise<boolean> =>
  symlink(String(process.pid), path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw unusable(dirname(path), error)
    },
  )

/** A pid of our own is that of an earlier process, as in a container that was started again. */
async function isVoid(path: string): Promise<boolean> {
  const pid = await readlink(path).then(Number, () => null)
  return pid !== null && (pid === process.pid || !(await isRunning(pid)))
}
