import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, expect, inject, test } from 'vitest'
import { getJson, until } from '../support/client.ts'
import { runService, temporaryFolder } from '../support/processes.ts'

const undo: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

test('a role that owns its database, and may do nothing else, is enough for everything', async () => {
  const url = new URL(inject('templateUrl'))
  url.pathname = '/postgres'
  const administrator = new Client({ connectionString: url.href })
  await administrator.connect()
  undo.push(() => administrator.end())
  const name = `plain_${process.pid}`
  await administrator.query(
    `create role ${name} login password 'plain' nosuperuser nocreatedb nocreaterole noreplication`,
  )
  undo.push(() => administrator.query(`drop role ${name}`))
  await administrator.query(`create database ${name} owner ${name}`)
  undo.push(() => administrator.query(`drop database ${name} with (force)`))

  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  Object.assign(url, { username: name, password: 'plain', pathname: `/${name}` })
  const env = { DATABASE_URL: url.href, DATA_DIR: path, BACKFILL_SESSIONS: '0', RETENTION: '90d' }
  const service = await runService(env)
  undo.push(() => service.end('SIGKILL'))
  const ready = async () => (await fetch(`${service.address}/health/ready`)).ok
  await until(ready, 60_000)
  const token = (await readFile(join(path, 'token'), 'utf8')).trim()
  const bars = () => getJson<{ items: unknown[] }>(`${service.address}/v1/bars?symbol=SPY&limit=1`)
  await until(async () => (await bars()).items.length > 0, 60_000)
  for (const job of ['prepare-months', 'archive-seconds', 'summarize-day']) {
    const run = `${service.address}/v1/jobs/${job}/runs`
    const answer = await fetch(run, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toMatchObject({ name: job, lastResult: 'done' })
  }
  expect(await service.end('SIGTERM')).toBe(0)
}, 120_000)
