import { chmod, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type Cluster, type ClusterOptions, startCluster } from '../../db/embedded/cluster.ts'
import { createLog } from '../../src/log.ts'

export const isRoot = process.getuid?.() === 0

/** A new folder that every account may enter, removed when the test is over. */
export async function scratchFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'embedded-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  return folder
}

/** Starts a cluster that is stopped when the test is over. */
export async function start(options: Omit<ClusterOptions, 'log'>): Promise<Cluster> {
  const cluster = await startCluster({ log: createLog('silent'), sync: false, ...options })
  onTestFinished(() => cluster.stop())
  return cluster
}

/** The first row that a statement gives. */
export async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row> {
  const client = new pg.Client(url)
  client.on('error', () => {}) // a server that is killed under it
  await client.connect()
  return (await client.query<Row>(sql).finally(() => client.end())).rows[0]!
}

/** The command lines of all live processes that a cluster of `ownerPid` consists of: shell, server and backends. */
export async function processesOf(ownerPid: number): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger)
  const all = await Promise.all(pids.map(async (pid) => ({ pid, command: await commandLine(pid) })))
  const name = new RegExp(`\\bibkr-pivot-engine-${ownerPid}\\b`)
  return all.filter(({ command }) => name.test(command))
}

const commandLine = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
