import { readdir, readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { allItems, getJson, until } from '../support/client.ts'
import { type Running, runService, temporaryFolder } from '../support/processes.ts'

/** CI kills the database five times; `DATABASE_KILLS=50` fifty times. */
const KILLS = Number(process.env.DATABASE_KILLS ?? 5)
const ROUND_MS = 20_000

const running: Running[] = []
const folders: { remove(): Promise<void> }[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  await Promise.all(folders.map((it) => it.remove()))
})

interface Bar {
  readonly time: string
}

/** The server of a data directory: the one process of it that is no shell and no backend. */
async function serverOf(directory: string): Promise<number | null> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (words[0]?.endsWith('postgres') && words.includes(directory)) return Number(pid)
  }
  return null
}

test(
  `of ${KILLS} kills -9 of the database under load none loses an acknowledged bar or ends the service`,
  async () => {
    const { path, remove } = await temporaryFolder()
    folders.push({ remove })
    const env = {
      DATA_DIR: path,
      SIM_START: '2024-06-03T15:00:00Z',
      SIM_SPEED: '60',
      BACKFILL_SESSIONS: '20',
    }
    const service = await runService(env)
    running.push(service)
    const directory = /embedded PostgreSQL in (\S+)/.exec(service.output())![1]!
    const url = `${service.address}/v1/bars?symbol=SPY`
    const seconds = async () => (await allItems<Bar>(url)).map(({ time }) => time)
    const grown = (count: number, deadlineMs: number) =>
      until(async () => (await seconds()).length > count, deadlineMs)
    await grown(1_000, 30_000)

    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await seconds()
      const server = (await serverOf(directory))!
      process.kill(server, 'SIGKILL')
      // A backend of the old server may answer for a moment after its death.
      await until(async () => ![null, server].includes(await serverOf(directory)), ROUND_MS)
      await until(
        async () => (await getJson<{ items: Bar[] }>(`${url}&limit=1`)).items.length === 1,
        ROUND_MS,
      )
      await grown(acknowledged.length, 5_000)
      const now = new Set(await seconds())
      expect(acknowledged.filter((time) => !now.has(time))).toEqual([])
      expect(await serverOf(directory)).not.toBe(server)
    }
    // Nothing is said to be wrong any more, and what was is told to be over.
    await until(async () => (await fetch(`${service.address}/health/ready`)).status === 200, 60_000)
    const { items } = await getJson<{ items: { type: string; data: { alert: string } }[] }>(
      `${service.address}/v1/events/log?types=alert.raised,alert.cleared&limit=1000`,
    )
    const told = (type: string) =>
      items
        .filter((event) => event.type === type)
        .map(({ data }) => data.alert)
        .filter((alert) => alert !== 'collection.stalled') // begins under a name of its own
        .filter((alert) => alert !== 'trader.halted') // by the fifth start within ten minutes of a fast market
        .sort()
    expect(told('alert.cleared')).toEqual(told('alert.raised'))
    expect(await service.end('SIGTERM')).toBe(0)
  },
  60_000 + KILLS * ROUND_MS,
)
