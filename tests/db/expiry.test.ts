import { afterAll, expect, test } from 'vitest'
import { pacingLedger } from '../../db/pacing.ts'
import { EVENING, secondAt } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)

test('an idempotency key is forgotten after 24 hours', async () => {
  const answer = { status: 201, body: '{}' }
  const begun = async () => (await stores.idempotency.begin('route', 'key', 'a')).answer
  const age = (hours: number) =>
    pool.query(`update idempotency_keys set created_at = now() - interval '${hours} hours'`)
  await begun()
  await stores.idempotency.finish('route', 'key', answer)
  await age(23)
  expect(await begun()).toEqual(answer)
  await age(25)
  expect(await begun()).toBeNull()
})

const request = (second: number) =>
  ({ at: secondAt(second), weight: 1, lane: 'live', signature: 's', contract: 'c' }) as const

test('the pacing log forgets what is an hour old, but never its last thousand rows', async () => {
  const ledger = pacingLedger(pool)
  await pool.query(
    `insert into pacing_log (at, weight, lane, signature, contract)
    select $1::timestamptz + n * interval '1 second', 1, 'live', 's', 'c' from generate_series(1, 1200) n`,
    [new Date(EVENING).toISOString()],
  )
  await ledger.append(EVENING, () => request(1_201))
  expect(await ledger.since(EVENING)).toHaveLength(1_201)
  const farJump = request(10_000_000)
  await ledger.append(farJump.at, () => farJump)
  expect(await ledger.since(EVENING)).toHaveLength(1_000)
})
