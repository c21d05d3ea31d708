import { execFile } from 'node:child_process'
import { lchown, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The account that the server's processes run under, where it is not our own. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

const run = promisify(execFile)

/** PostgreSQL refuses to run as root: root lends it the account with the fewest rights. */
export async function nobody(): Promise<Account> {
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')])
  return { uid, gid }
}

/** Whether `account` (null: ourselves) may enter the folder, or run the file, at `path`, all its parents included. */
export async function mayEnter(path: string, account: Account | null): Promise<boolean> {
  const asking = run('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { cwd: '/', ...account })
  return asking.then(
    () => true,
    () => false,
  )
}

/** Gives a folder and everything in it to `account`, the folder itself last: its owner tells that it is complete. */
export async function handOver(folder: string, { uid, gid }: Account): Promise<void> {
  const entries = await readdir(folder, { recursive: true })
  for (const entry of [...entries, '']) await lchown(join(folder, entry), uid, gid)
}

// macOS prints nobody's -2 unsigned, while a spawn wants it signed.
const idOf = async (option: '-u' | '-g'): Promise<number> =>
  Number((await run('id', [option, 'nobody'])).stdout) | 0
