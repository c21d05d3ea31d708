import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { sessionsBetween } from '../../src/market/session.ts'
import { isoInstant, MINUTE_MS, parseInstant } from '../../src/market/time.ts'
import { getJson, until } from '../support/client.ts'
import { type Running, runService, temporaryFolder } from '../support/processes.ts'
import { waves } from '../support/waves.ts'

const folder = await temporaryFolder()
const running: Running[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  await folder.remove()
})

async function start(): Promise<string> {
  const service = await runService({ DATA_DIR: folder.path, BACKFILL_SESSIONS: '0' })
  running.push(service)
  return service.address
}

const RANGE = { from: '2012-01-01T00:00:00Z', to: '2013-01-01T00:00:00Z' }

async function importMinutes(api: string): Promise<void> {
  const range = { from: parseInstant(RANGE.from), to: parseInstant(RANGE.to) }
  const lines = [...waves(sessionsBetween(range, 'rth'), MINUTE_MS)].map((it) =>
    [isoInstant(it.time), it.open, it.high, it.low, it.close, it.volume].join(),
  )
  const response = await fetch(`${api}/v1/bars/imports?symbol=SPY&size=1m`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(`${folder.path}/token`, 'utf8').trim()}`,
      'content-type': 'text/csv',
    },
    body: ['time,open,high,low,close,volume', ...lines].join('\n'),
  })
  expect(response.status, await response.text()).toBe(200)
}

const post = (api: string) =>
  fetch(`${api}/v1/backtests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ symbol: 'SPY', ...RANGE, size: '1m', base: '1m' }),
  })

interface Listed {
  readonly items: readonly { readonly state: string; readonly reason: string | null }[]
}

test('what ran when the process was killed has failed, or is done, and the next one runs', async () => {
  const first = await start()
  await until(
    async () => (await getJson<{ items: object[] }>(`${first}/v1/instruments`)).items.length > 0,
    30_000,
  )
  await importMinutes(first)
  const statuses = await Promise.all([1, 2, 3, 4, 5].map(async () => (await post(first)).status))
  expect(statuses).toEqual(Array(5).fill(202))
  await running[0]!.end('SIGKILL')
  const second = await start()
  const list = async () => (await getJson<Listed>(`${second}/v1/backtests`)).items
  await until(async () => (await list()).every(({ state }) => state === 'done' || state === 'failed'), 15_000)
  const failed = (await list()).filter(({ state }) => state === 'failed')
  expect(failed.length).toBeGreaterThan(0)
  for (const { reason } of failed) expect(reason).toBe('the process that was to run it has ended')
  await post(second)
  await until(async () => (await list())[0]!.state === 'done', 15_000)
  expect(await running[1]!.end('SIGTERM')).toBe(0)
})
