import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { unusable } from './failure.ts'
import { isRunning } from './processes.ts'

/**
 * Makes the folder `finished` appear in one step. `fill` makes it below or at a name of this process and says where; only
 * then is it renamed. False when another process was first.
 */
export async function makeWhole(
  finished: string,
  fill: (unfinished: string) => Promise<string>,
): Promise<boolean> {
  const unfinished = `${finished}.new.${process.pid}`
  try {
    await removeAbandoned(finished)
    return await renameFirst(await fill(unfinished), finished)
  } catch (error) {
    throw unusable(dirname(finished), error)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/**
 * Removes what processes that are no more, or an earlier one with our pid, have left half made. A program of theirs may
 * still be writing to it while it ends: then a removal is repeated.
 */
export async function removeAbandoned(finished: string): Promise<void> {
  const prefix = `${basename(finished)}.new.`
  for (const name of await readdir(dirname(finished))) {
    if (!name.startsWith(prefix)) continue
    const maker = Number(name.slice(prefix.length))
    if (maker === process.pid || !(await isRunning(maker)))
      await rm(join(dirname(finished), name), { recursive: true, force: true, maxRetries: 10 })
  }
}

const renameFirst = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false
      throw error
    },
  )
