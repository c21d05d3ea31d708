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

const kept = async (starting: Promise<Running>): Promise<Running> => {
  const service = await starting
  running.push(service)
  return service
}

const state = async ({ address }: Running) =>
  (await getJson<{ state: string }>(`${address}/v1/gateway`)).state

interface SimulatorStatus {
  readonly counts: { readonly violations: Record<string, number> }
}

test('a holder that hangs is replaced within 20 s, and what it does when it wakes up does not count', async () => {
  const simulator = await kept(runSimulator({ SIM_START: '2024-06-03T15:00:00Z', SIM_SPEED: '10' }))
  const url = await createDatabase(inject('templateUrl'))
  undo.push(() => dropDatabase(url))
  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  const env = { DATABASE_URL: url, DATA_DIR: path, SIM_ATTACH: simulator.address, BACKFILL_SESSIONS: '2' }

  const first = await kept(runService(env))
  await until(async () => (await state(first)) === 'ready', 15_000)
  const bars = async ({ address }: Running) =>
    (await getJson<{ items: unknown[] }>(`${address}/v1/bars?symbol=SPY&limit=1`)).items.length
  await until(async () => (await bars(first)) === 1, 15_000)
  const second = await kept(runService(env))
  process.kill(first.pid, 'SIGSTOP')
  await until(async () => second.output().includes('this process leads'), 20_000)
  expect(await bars(second)).toBe(1)

  expect(await getJson(`${second.address}/v1/jobs`)).toBeTruthy()

  process.kill(first.pid, 'SIGCONT')
  await until(async () => (await state(second)) === 'ready' && (await state(first)) === 'standby', 20_000)
  expect(first.output()).toContain('this process no longer leads')
  const { counts } = await getJson<SimulatorStatus>(`http://${simulator.address}/status`)
  expect(Object.values(counts.violations).every((count) => count === 0)).toBe(true)
}, 90_000)
