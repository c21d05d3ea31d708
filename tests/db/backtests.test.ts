import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)
const { backtests } = stores

const forsake = (id: string) =>
  pool.query(`update backtests set alive_at = clock_timestamp() - interval '11 s' where id = $1`, [id])

test('one whose process has said nothing for ten seconds has failed, and says why', async () => {
  const { id } = await backtests.create('{}')
  await backtests.begin(id)
  expect(await backtests.find(id)).toMatchObject({ state: 'running', reason: null })
  await forsake(id)
  const told = { id, state: 'failed', reason: 'the process that was to run it has ended' }
  expect(await backtests.find(id)).toMatchObject(told)
  expect(await backtests.list({ limit: 1 })).toMatchObject([told])
})

test('one whose process was only slow is finished all the same', async () => {
  const { id } = await backtests.create('{}')
  await backtests.begin(id)
  await forsake(id)
  expect(await backtests.keepAlive([id])).toEqual([id])
  expect(await backtests.find(id)).toMatchObject({ state: 'running' })
  await forsake(id)
  await backtests.finish(id, { result: '{}', trades: '[]', columns: new Uint8Array() })
  expect(await backtests.find(id)).toMatchObject({ state: 'done', reason: null })
})

test('one that is forsaken has failed: it is not there to be cancelled any more', async () => {
  const { id } = await backtests.create('{}')
  await forsake(id)
  expect(await backtests.cancel(id, 'nobody wants it')).toBe(false)
  expect(await backtests.find(id)).toMatchObject({ state: 'failed' })
})
