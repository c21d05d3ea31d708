import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { conflict } from '../../src/errors.ts'
import { backendsIn, isRunning, serverCommand, signal } from './processes.ts'

/** What our servers are called, so that a command line tells whose it is. PostgreSQL: at most 63 characters. */
export const clusterName = (ownerPid: number): string => `ibkr-pivot-engine-${ownerPid}`

/** The pid that the lock file names; null where there is no lock file. */
export async function lockedPid(directory: string): Promise<number | null> {
  const [pid] = await readLock(directory)
  return pid === undefined ? null : Number(pid)
}

/** The port of the server that runs on a cluster; null while none does. */
export async function portInUse(directory: string): Promise<number | null> {
  if ((await serverOf(directory)) === null) return null
  const port = (await readLock(directory))[PORT_LINE]
  return port === undefined ? null : Number(port)
}

const PORT_LINE = 3

/**
 * Makes the cluster free for a new server: ends one without owner, ends what a killed one has left, and clears its lock
 * away. Throws `conflict` where a living process other than `allowed` uses the cluster.
 */
export async function freeDirectory(directory: string, allowed: number | null = null): Promise<void> {
  await refuseHeld(directory, allowed)
  await endServer(directory)
  await endBackends(directory)
  await strikeOutPid(directory)
}

/** A server whose owner is gone holds nothing: it is on its way out. */
async function refuseHeld(directory: string, allowed: number | null): Promise<void> {
  const server = await serverOf(directory)
  if (server === null) return
  const owner = ownerIn(server.command)
  if (owner !== null && (owner === allowed || !(await isRunning(owner)))) return
  const holder = owner ?? server.pid
  throw conflict(
    `The database in ${directory} is in use by process ${holder}: stop that one first (kill ${holder}), or set DATA_DIR to another folder.`,
  )
}

interface LiveServer {
  readonly pid: number
  readonly command: string
}

/** The live server that the lock file names: its pid may have become another program's. */
async function serverOf(directory: string): Promise<LiveServer | null> {
  const pid = await lockedPid(directory)
  const command = pid === null ? null : await serverCommand(directory, pid)
  return pid === null || command === null ? null : { pid, command }
}

/** The process that started a server; null where someone did it by hand. */
function ownerIn(command: string): number | null {
  const named = /cluster_name=ibkr-pivot-engine-(\d+)/.exec(command)
  return named ? Number(named[1]) : null
}

async function endServer(directory: string): Promise<void> {
  for (const name of ['SIGINT', 'SIGQUIT'] as const) {
    const server = await serverOf(directory)
    if (server === null) return
    signal(server.pid, name)
    if (await soon(async () => (await serverOf(directory)) === null)) return
  }
  throw conflict(`The server of the database in ${directory} does not end: end it, then start again.`)
}

/** Backends notice the death of their server, but not while a long statement runs. */
async function endBackends(directory: string): Promise<void> {
  const left = await backendsIn(directory)
  if (left.length === 0 || (await serverOf(directory))) return
  for (const pid of left) signal(pid, 'SIGQUIT')
  await soon(async () => (await backendsIn(directory)).length === 0)
}

/**
 * Puts a pid that cannot be in place of a dead server's, which another program may bear by now and which would keep the
 * new server from starting. The other lines stay: by them the server itself makes sure that no backend is left.
 */
async function strikeOutPid(directory: string): Promise<void> {
  const [pid, ...rest] = await readLock(directory)
  if (pid === undefined || (await serverOf(directory))) return
  // In place, for on a full disk an emptied file stays empty; the new text is never the shorter one.
  const file = await open(join(directory, 'postmaster.pid'), 'r+')
  await file.write([NO_PID, ...rest].join('\n'), 0).finally(() => file.close())
}

// Above the largest pid of any system, within PostgreSQL's int.
const NO_PID = '2000000000'

/** The lines of `postmaster.pid`; none where there is no such file. */
async function readLock(directory: string): Promise<string[]> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => null)
  return text === null ? [] : text.split('\n')
}

/** Whether `happened` comes true within six seconds: the server itself gives its backends five. */
async function soon(happened: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 120; tries += 1) {
    if (await happened()) return true
    await sleep(50)
  }
  return false
}
