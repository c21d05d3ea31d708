import { afterAll, expect, inject, test } from 'vitest'
import { getJson, until } from '../support/client.ts'
import { createOwnedDatabase, dropOwnedDatabase } from '../support/databases.ts'
import { runService, temporaryFolder, tokenIn } from '../support/processes.ts'

const undo: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

test('a role that owns its database, and may do nothing else, is enough for everything', async () => {
  const [server, role] = [inject('templateUrl'), `plain_${process.pid}`]
  undo.push(() => dropOwnedDatabase(server, role))
  const url = await createOwnedDatabase(server, role, 'plain')

  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  const env = { DATABASE_URL: url, DATA_DIR: path, BACKFILL_SESSIONS: '0', RETENTION: '90d' }
  const service = await runService(env)
  undo.push(() => service.end('SIGKILL'))
  const ready = async () => (await fetch(`${service.address}/health/ready`)).ok
  await until(ready, 60_000)
  const token = await tokenIn(path)
  const bars = () => getJson<{ items: unknown[] }>(`${service.address}/v1/bars?symbol=SPY&limit=1`)
  await until(async () => (await bars()).items.length > 0, 60_000)
  for (const job of ['prepare-months', 'archive-seconds', 'summarize-day']) {
    const run = `${service.address}/v1/jobs/${job}/runs`
    const answer = await fetch(run, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toMatchObject({ name: job, lastResult: 'done' })
  }
  expect(await service.end('SIGTERM')).toBe(0)
}, 120_000)
