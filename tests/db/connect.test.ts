import { afterAll, expect, inject, onTestFinished, test } from 'vitest'
import { checkServer, openPool } from '../../db/connect.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import { testDatabase } from '../support/database.ts'

const log = createLog('silent')
const database = await testDatabase()
afterAll(database.drop)

const poolFor = (purpose: 'jobs' | 'api', url = database.url) => {
  const pool = openPool({ url, purpose, log })
  onTestFinished(() => pool.end())
  return pool
}

const setting = async (name: string, purpose: 'jobs' | 'api' = 'jobs'): Promise<string> => {
  const { rows } = await poolFor(purpose).query('select current_setting($1) as value', [name])
  return rows[0].value
}

test('a durable server of PostgreSQL 15 or later is accepted', async () => {
  await expect(checkServer(poolFor('jobs'))).resolves.toBeUndefined()
})

test('a server that may forget what it acknowledged is refused, and the setting named', async () => {
  const { pool, url, drop } = await testDatabase()
  onTestFinished(drop)
  const name = new URL(url).pathname.slice(1)
  await pool.query(`alter database ${name} set synchronous_commit = off`)
  await expect(checkServer(poolFor('jobs', url))).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('synchronous_commit = off'),
  })
})

test('statements of the API may take 5 s, those of jobs 30 s', async () => {
  expect(await setting('statement_timeout', 'api')).toBe('5s')
  expect(await setting('statement_timeout', 'jobs')).toBe('30s')
})

test.each([
  ['lock_timeout', '10s'],
  ['idle_in_transaction_session_timeout', '10s'],
  ['TimeZone', 'UTC'],
  ['application_name', 'ibkr-pivot-engine jobs'],
])('every session has %s = %s', async (name, value) => {
  expect(await setting(name)).toBe(value)
})

test('connections that the server ends are replaced, those in use and those that are idle', async () => {
  const pool = poolFor('jobs')
  const { instruments } = openStores(pool, { clock: machineClock, random: Math.random })
  await instruments.list()
  await endConnections()
  await expect.poll(() => pool.idleCount).toBe(0)
  expect(await instruments.list()).toEqual([])
  const slow = pool.query('select pg_sleep(10)')
  await Promise.all([expect(slow).rejects.toThrow(), expect.poll(endConnections).toBeGreaterThan(0)])
  expect(await instruments.list()).toEqual([])
})

test('a server that is not there is unavailable', async () => {
  const url = new URL(inject('templateUrl'))
  url.port = '1'
  const stores = openStores(poolFor('api', url.href), { clock: machineClock, random: Math.random })
  await expect(stores.jobRuns.list()).rejects.toMatchObject({ kind: 'unavailable' })
  await expect(stores.transaction(async () => {})).rejects.toMatchObject({ kind: 'unavailable' })
})

/** Resolves with how many connections of jobs pools there were, but for that which asks. */
async function endConnections(): Promise<number> {
  const { rowCount } = await poolFor('api').query(
    `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like '%jobs' and pid <> pg_backend_pid()`,
  )
  return rowCount ?? 0
}
