import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

/** The command line of a live process, its arguments parted by blanks; null when there is none or it is a zombie. */
async function commandOf(pid: number): Promise<string | null> {
  const command = process.platform === 'linux' ? await commandInProc(pid) : await commandFromPs(pid)
  return command.trim() || null
}

export const isRunning = async (pid: number): Promise<boolean> => (await commandOf(pid)) !== null

/** The command line of a process if it is PostgreSQL at work in `directory`, by whatever name of the folder; or null. */
export async function serverCommand(directory: string, pid: number): Promise<string | null> {
  const command = await commandOf(pid)
  if (!command?.includes('postgres')) return null
  // Not to be had on macOS, nor by a root whose container may not trace.
  const folder = await stat(`/proc/${pid}/cwd`).catch(() => null)
  if (!folder) return command.includes(directory) ? command : null
  const ours = await stat(directory).catch(() => null)
  return folder.dev === ours?.dev && folder.ino === ours.ino ? command : null
}

/** The servant processes of a server in `directory`, whether or not it still lives. Found on Linux only. */
export async function backendsIn(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter(Number.isInteger)
  const found = await Promise.all(pids.map((pid) => isBackendIn(directory, pid)))
  return pids.filter((_, i) => found[i])
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // it is gone, which is what the signal was for
  }
}

const isBackendIn = async (directory: string, pid: number): Promise<boolean> =>
  (await serverCommand(directory, pid))?.startsWith('postgres: ') ?? false

const commandInProc = async (pid: number): Promise<string> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')

/** A zombie's command is bracketed or marked. */
async function commandFromPs(pid: number): Promise<string> {
  const asked = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])
  const command = (await asked.catch(() => ({ stdout: '' }))).stdout
  return /^\(|<defunct>/.test(command) ? '' : command
}
