import { execFileSync } from 'node:child_process'
import { afterAll, expect, inject, test } from 'vitest'
import { getJson, until } from '../support/client.ts'
import { createDatabase, dropDatabase } from '../support/databases.ts'
import { type Running, runService, runSimulator, temporaryFolder } from '../support/processes.ts'

const running: Running[] = []
const undo: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  for (const step of undo) await step()
})

const start = async (env: Record<string, string>): Promise<Running> => {
  const service = await runService(env)
  running.push(service)
  return service
}

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  return path
}

/** Processes whose command line or environment of the database names the folder. */
const processesIn = (path: string): string[] =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(path) && !line.includes('ps -eo'))

interface Page {
  readonly items: readonly { readonly time: string }[]
}

test('the default start collects and backfills within a minute, and an interrupt leaves nothing behind', async () => {
  const path = await folder()
  const service = await start({ DATA_DIR: path })
  const bars = (query: string) => getJson<Page>(`${service.address}/v1/bars?symbol=SPY&limit=10000${query}`)
  const startedAt = /now (\S+Z)/.exec(service.output())![1]
  const live = async () => (await bars(`&from=${startedAt}`)).items.length
  await until(async () => (await live()) > 0, 30_000)
  const before = await live()
  await until(async () => (await live()) > before, 30_000)
  await until(async () => (await bars(`&to=${startedAt}`)).items.length > 1_000, 30_000)
  const gateway = await getJson(`${service.address}/v1/gateway`)
  expect(gateway).toMatchObject({
    simulated: true,
    state: 'ready',
    accountType: 'paper',
    pacing: { limit: 58 },
  })

  const stopAt = Date.now()
  expect(await service.end('SIGINT')).toBe(0)
  expect(Date.now() - stopAt).toBeLessThanOrEqual(5_000)
  expect(processesIn(path)).toEqual([])
}, 60_000)

test('after a kill -9 no process stays, and the next start goes on in the same world', async () => {
  const path = await folder()
  const first = await start({ DATA_DIR: path })
  await first.end('SIGKILL')
  await until(async () => processesIn(path).length === 0, 5_000)
  const second = await start({ DATA_DIR: path })
  expect(second.output()).not.toContain('another market')
  expect(await second.end('SIGTERM')).toBe(0)
}, 60_000)

test('another world on the same database is refused with what to do', async () => {
  const path = await folder()
  await (await start({ DATA_DIR: path })).end('SIGTERM')
  const refusal = start({ DATA_DIR: path, SIM_SEED: '2' })
  await expect(refusal).rejects.toThrow(/its seed is 1, and 2 is asked for.*npm run db:destroy/s)
  await expect(start({ DATA_DIR: path, GATEWAY: 'tws' })).rejects.toThrow(/it holds simulated data/)
}, 60_000)

test('five services started at once on an empty database all come up, and one of them leads', async () => {
  const simulator = await runSimulator({ SIM_START: '2024-06-03T15:00:00Z', SIM_SPEED: '10' })
  running.push(simulator)
  const url = await createDatabase(inject('templateUrl'))
  undo.push(() => dropDatabase(url))
  const path = await folder()
  const env = { DATABASE_URL: url, DATA_DIR: path, SIM_ATTACH: simulator.address }
  const services = await Promise.all(Array.from({ length: 5 }, () => start(env)))
  const states = async () => {
    const gateways = services.map((it) => getJson<{ state: string }>(`${it.address}/v1/gateway`))
    return (await Promise.all(gateways)).map((it) => it.state).sort()
  }
  await until(async () => (await states())[0] === 'ready', 15_000)
  expect(await states()).toEqual(['ready', 'standby', 'standby', 'standby', 'standby'])
  await Promise.all(services.map((it) => it.end('SIGTERM')))
}, 60_000)

test('a configuration that cannot be used ends the start with one line for each name', async () => {
  await expect(start({ SIM_SPED: '5', PORT: 'x' })).rejects.toThrow(/SIM_SPED.*SIM_SPEED/s)
})
