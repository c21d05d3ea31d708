import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLease } from '../../db/lease.ts'
import { pacingLedger } from '../../db/pacing.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { HOUR_MS, plus } from '../../src/market/time.ts'
import type { HeldLease } from '../../src/ports/lease.ts'
import { EVENING, spy } from '../support/bars.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let database: TestDatabase
let old: HeldLease
beforeAll(async () => {
  database = await testDatabase()
  old = (await leaseOf('old').tryAcquire())!
})
afterAll(() => database.drop())

const leaseOf = (holder: string) => openLease({ url: database.url, clock: machineClock, holder })
const storesAt = (epoch: number | null) =>
  openStores(database.pool, { clock: machineClock, random: Math.random, fence: () => epoch })
const run = (name: string) => ({ name, lastRun: EVENING, lastResult: 'done', detail: 'x' }) as const
const written = async () => (await database.stores.jobRuns.list()).map(({ name }) => name)

const HOUR = { from: EVENING, to: plus(EVENING, HOUR_MS) }
const REQUEST = { at: EVENING, weight: 1, lane: 'live', signature: 's', contract: 'c' } as const

test('the holder of the lease writes, and so does a process that has never held it', async () => {
  await storesAt(old.epoch).jobRuns.record(run('holder'))
  await storesAt(old.epoch).transaction((tx) => tx.jobRuns.record(run('holder, in a transaction')))
  await storesAt(null).jobRuns.record(run('nobody'))
  expect(await written()).toEqual(['holder', 'holder, in a transaction', 'nobody'])
})

test('a plain select takes no transaction for it, and whatever else is asked does', async () => {
  let taken = 0
  const { pool } = database
  const counting = {
    options: pool.options,
    query: pool.query.bind(pool),
    connect: () => {
      taken++
      return pool.connect()
    },
  } as unknown as TestDatabase['pool']
  const stores = openStores(counting, { clock: machineClock, random: Math.random, fence: () => old.epoch })
  await stores.jobRuns.list()
  expect(taken).toBe(0)
  await stores.jobRuns.record(run('counted'))
  await stores.coverage.between(await database.stores.instruments.save(spy), '1s', HOUR)
  expect(taken).toBe(2)
})

test('once another holds it nothing of the old holder is kept, no place is reserved, and it may still read', async () => {
  await old.release()
  const next = (await leaseOf('new').tryAcquire())!
  const stale = storesAt(old.epoch)
  const before = await written()
  const fenced = { kind: 'conflict', message: expect.stringContaining('another process has taken the lease') }
  await expect(stale.jobRuns.record(run('late'))).rejects.toMatchObject(fenced)
  await expect(stale.transaction((tx) => tx.jobRuns.record(run('late')))).rejects.toMatchObject(fenced)
  const ledger = pacingLedger(database.pool, () => old.epoch)
  await expect(ledger.append(EVENING, () => REQUEST)).rejects.toMatchObject(fenced)
  expect(await ledger.since(EVENING)).toEqual([])
  expect(await stale.jobRuns.list()).toHaveLength(before.length)
  expect(await written()).toEqual(before)
  await storesAt(next.epoch).jobRuns.record(run('new holder'))
  await next.release()
})

test('a transaction that was open when the lease changed hands is not kept', async () => {
  const first = (await leaseOf('first').tryAcquire())!
  let second: HeldLease | null = null
  const slow = storesAt(first.epoch).transaction(async (tx) => {
    await tx.jobRuns.record(run('slow'))
    await first.release()
    second = await leaseOf('second').tryAcquire()
  })
  await expect(slow).rejects.toMatchObject({ kind: 'conflict' })
  expect(second).toMatchObject({ epoch: first.epoch + 1 })
  expect(await written()).not.toContain('slow')
  await second!.release()
})
