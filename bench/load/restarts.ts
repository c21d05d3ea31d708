import { readdir, readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { runningUrl } from '../../db/embedded/running.ts'
import type { LoadedService } from './service.ts'

/** How one restart of the database went, in milliseconds from the moment at which it took connections again. */
export interface Restart {
  readonly writingAgainMs: number
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Kills the database so many times, evenly within `withinMs`, each time while everything goes on. */
export async function restarts(service: LoadedService, count: number, withinMs: number): Promise<Restart[]> {
  const seen: Restart[] = []
  const pauseMs = withinMs / (count + 1)
  for (let i = 0; i < count; i++) {
    await pause(pauseMs)
    process.kill(await serverOf(service), 'SIGKILL')
    const acceptedAt = await untilAccepted(service)
    const before = await newest(acceptedAt.url)
    while ((await newest(acceptedAt.url)) === before) await pause(20)
    seen.push({ writingAgainMs: performance.now() - acceptedAt.at })
  }
  return seen
}

async function untilAccepted({ dataDir }: LoadedService): Promise<{ url: string; at: number }> {
  for (;;) {
    const url = await runningUrl(dataDir).catch(() => null)
    if (url !== null && (await newest(url).catch(() => null)) !== null) return { url, at: performance.now() }
    await pause(20)
  }
}

async function newest(url: string): Promise<string> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<{ at: string }>('select max(time)::text as at from second_bars')).rows[0]!.at
  } finally {
    await client.end()
  }
}

/** The server of the embedded database: the one process of it that is no shell and no backend. */
async function serverOf(service: LoadedService): Promise<number> {
  const directory = /embedded PostgreSQL in (\S+)/.exec(service.output())![1]!
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (words[0]?.endsWith('postgres') && words.includes(directory)) return Number(pid)
  }
  throw new Error('the server of the database is not to be found')
}
