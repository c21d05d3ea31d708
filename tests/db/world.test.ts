import { expect, onTestFinished, test } from 'vitest'
import { openPool } from '../../db/connect.ts'
import { worldStore } from '../../db/world.ts'
import { createLog } from '../../src/log.ts'
import type { StoredWorld } from '../../src/ports/world.ts'
import { EVENING } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'
import { createDatabase, dropDatabase } from '../support/databases.ts'

const world = { start: EVENING, speed: 10, seed: 1, tape: 'generated', skip: null }
const simulated = (seed: number): StoredWorld => ({
  kind: 'simulated',
  world: { ...world, seed },
  anchor: EVENING,
})
const real: StoredWorld = { kind: 'real', world: null, anchor: null }

async function ownDatabase() {
  const database = await testDatabase()
  onTestFinished(database.drop)
  return database
}

test('the first start settles the world, later ones are told of it', async () => {
  const { pool } = await ownDatabase()
  expect(await worldStore(pool).settle(simulated(1))).toEqual(simulated(1))
  expect(await worldStore(pool).settle(simulated(2))).toEqual(simulated(1))
  expect(await worldStore(pool).settle(real)).toEqual(simulated(1))
})

test('of several first starts at once all get the same world', async () => {
  const { pool } = await ownDatabase()
  const settled = await Promise.all([1, 2, 3, 4, 5].map((seed) => worldStore(pool).settle(simulated(seed))))
  expect(new Set(settled.map((each) => each.world?.seed)).size).toBe(1)
})

test('the ledger of a database made at this start is trusted, also at the next one', async () => {
  const { pool } = await ownDatabase()
  expect(await worldStore(pool).isLedgerTrusted()).toBe(false)
  await worldStore(pool).settle(real)
  expect(await worldStore(pool).isLedgerTrusted()).toBe(true)
})

test('the ledger of a copy is not trusted until it was filled', async () => {
  const original = await ownDatabase()
  await worldStore(original.pool).settle(real)
  await original.pool.end()
  const url = await createDatabase(original.url, new URL(original.url).pathname.slice(1))
  const copy = openPool({ url, purpose: 'jobs', log: createLog('error') })
  onTestFinished(async () => {
    await copy.end()
    await dropDatabase(url)
  })
  expect(await worldStore(copy).isLedgerTrusted()).toBe(false)
  await worldStore(copy).trustLedger()
  expect(await worldStore(copy).isLedgerTrusted()).toBe(true)
})

test('the books of the simulated broker are kept with their world', async () => {
  const { pool } = await ownDatabase()
  const worlds = worldStore(pool)
  await worlds.settle(simulated(1))
  expect(await worlds.books()).toBeNull()
  await worlds.keepBooks('{"at":1}')
  await worlds.keepBooks('{"at":2}')
  expect(await worldStore(pool).books()).toBe('{"at":2}')
  expect(await worlds.settle(simulated(2))).toEqual(simulated(1))
})
