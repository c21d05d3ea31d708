import { afterAll, beforeEach, expect, test } from 'vitest'
import { poolSession } from '../../db/session.ts'
import { BarSeries } from '../../src/market/series.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { bar, EVENING, secondAt, spy } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)

const range = { from: EVENING, to: secondAt(3_600) }
const run = { name: 'job', lastRun: EVENING, lastResult: 'done', detail: '' } as const

beforeEach(() => pool.query('truncate instruments, job_runs, coverage cascade'))

test('a transaction that rejects leaves nothing behind, whatever it touched', async () => {
  const instrument = await stores.instruments.save(spy)
  const work = async (inside: Stores) => {
    await inside.coverage.mark(instrument, '1s', range, 'done')
    await inside.bars.load(instrument, '1s', BarSeries.of([bar(0)]))
    await inside.bars.upsert(instrument, '1s', BarSeries.of([bar(1)]))
    await inside.jobRuns.record(run)
    throw new Error('killed')
  }
  await expect(stores.transaction(work)).rejects.toThrow('killed')
  expect(await stores.bars.latest(instrument, '1s')).toBeNull()
  expect(await stores.bars.rollups({ instrument, size: '1m', ...range })).toHaveLength(0)
  expect(await stores.coverage.between(instrument, '1s', range)).toEqual([])
  expect(await stores.jobRuns.list()).toEqual([])
})

test('what is done inside is seen outside only afterwards', async () => {
  await stores.transaction(async (inside) => {
    await inside.jobRuns.record(run)
    expect(await inside.jobRuns.list()).toEqual([run])
    expect(await stores.jobRuns.list()).toEqual([])
  })
  expect(await stores.jobRuns.list()).toEqual([run])
})

test('transactions are not nested', async () => {
  const nested = stores.transaction((inside) => inside.transaction(async () => {}))
  await expect(nested).rejects.toThrow('not nested')
})

test('two transactions that lock each other out both succeed', async () => {
  for (const symbol of ['A', 'B']) await stores.instruments.save({ ...spy, symbol })
  let attempts = 0
  const locked: Promise<unknown>[] = []
  const track = (first: string, second: string) =>
    stores.transaction(async ({ instruments }) => {
      attempts += 1
      const lock = instruments.track(first, false)
      locked.push(lock)
      await lock
      if (attempts <= 2) await expect.poll(() => locked).toHaveLength(2)
      await Promise.all(locked.slice(0, 2))
      await instruments.track(second, false)
    })
  await Promise.all([track('A', 'B'), track('B', 'A')])
  expect(attempts).toBe(3)
  expect((await stores.instruments.list()).map(({ tracked }) => tracked)).toEqual([false, false])
})

test('a transaction does not end well when a statement in it has failed', async () => {
  const swallowing = poolSession(pool).atomically((transaction) =>
    transaction.rows('select 1 / 0').catch(() => 'swallowed'),
  )
  await expect(swallowing).rejects.toThrow('a statement had failed')
})
