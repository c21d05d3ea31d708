import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openLease } from '../../db/lease.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { decisionStoreContract } from '../contracts/decisions.ts'
import { executionStoreContract } from '../contracts/executions.ts'
import { intentStoreContract } from '../contracts/intents.ts'
import { traderStoreContract } from '../contracts/traders.ts'
import { EVENING } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'
import { newDecision, newExecution, newIntent, newTrader } from '../support/trading.ts'

const { pool, stores, url, drop } = await testDatabase()
afterAll(drop)

/** The journal lets nobody empty it but its owner. */
beforeEach(async () => {
  const journals = ['intents', 'order_events', 'executions', 'decisions']
  const all = (statement: string) => journals.map((table) => `alter table ${table} ${statement}`).join(';')
  await pool.query(`${all('disable trigger user')};
    truncate traders, trader_starts, ${journals.join()};
    ${all('enable trigger user')}`)
})

const open = async (): Promise<Stores> => stores

describe('traders', () => traderStoreContract(open))
describe('intents', () => intentStoreContract(open))
describe('executions', () => executionStoreContract(open))
describe('decisions', () => decisionStoreContract(open))

/** One row in each table of the journal. */
async function write({ intents, executions, decisions }: Stores): Promise<void> {
  const { id } = await intents.create(newIntent())
  await intents.record({ intent: id, orderId: 1, at: EVENING, kind: 'reserved', detail: '{}' })
  await executions.book(newExecution({ intent: id }))
  await decisions.add(newDecision(0, { intent: id }))
}

const contents = async (): Promise<unknown[]> => {
  const tables = ['traders', 'intents', 'order_events', 'executions', 'decisions']
  const reads = tables.map((table) => pool.query(`select * from ${table}`))
  return (await Promise.all(reads)).map(({ rows }) => rows)
}

test.each([
  "update order_events set detail = 'nothing'",
  'update order_events set detail = detail where false',
  'delete from order_events',
  'truncate order_events',
  "update decisions set outcome = 'none'",
  'delete from decisions',
  'truncate decisions',
  'delete from executions',
  'truncate executions',
  'update executions set quantity = 1',
  'update executions set price = 1, commission = 1',
  'delete from intents',
  'truncate intents cascade',
])('the journal refuses to be rewritten: %s', async (statement) => {
  await write(stores)
  const before = await contents()
  await expect(pool.query(statement)).rejects.toMatchObject({
    code: '23001',
    message: expect.stringMatching(/is a journal: (update|delete|truncate) is refused/),
  })
  expect(await contents()).toEqual(before)
})

test('nothing of it is kept that a holder writes who has lost the lease, and the new one writes', async () => {
  const leaseOf = (holder: string) => openLease({ url, clock: machineClock, holder })
  const storesAt = (epoch: number) =>
    openStores(pool, { clock: machineClock, random: Math.random, fence: () => epoch })
  const old = (await leaseOf('old').tryAcquire())!
  await storesAt(old.epoch).traders.create(newTrader())
  await old.release()
  const next = (await leaseOf('new').tryAcquire())!
  const before = await contents()
  const stale = storesAt(old.epoch)
  const { id } = (await stores.intents.create(newIntent({ symbol: 'QQQ' })))!
  const attempts = [
    () => stale.transaction((inside) => inside.traders.lock()),
    () => stale.traders.change({ level: 'off' }),
    () => stale.traders.recordStart(EVENING, EVENING),
    () => stale.intents.create(newIntent()),
    () => stale.intents.change(id, { state: 'sending' }),
    () => stale.intents.record({ intent: id, orderId: 1, at: EVENING, kind: 'sent', detail: '{}' }),
    () => stale.executions.book(newExecution({ intent: id })),
    () => stale.decisions.add(newDecision(0)),
    () => stale.transaction(write),
  ]
  const fenced = { kind: 'conflict', message: expect.stringContaining('another process has taken the lease') }
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(fenced)
  expect(await stale.traders.find()).toMatchObject({ level: 'active', version: 1 })
  expect(await stores.intents.open()).toMatchObject([{ id, state: 'reserved' }])
  expect((await contents()).map((rows) => (rows as unknown[]).length)).toEqual([1, 1, 0, 0, 0])
  expect((await contents())[0]).toEqual(before[0])
  await storesAt(next.epoch).transaction(write)
  await next.release()
})
