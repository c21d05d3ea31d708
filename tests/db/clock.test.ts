import { expect, test } from 'vitest'
import { databaseClock } from '../../db/clock.ts'
import { testDatabase } from '../support/database.ts'

test('the database tells the real time to the millisecond', async () => {
  const { pool, drop } = await testDatabase()
  const before = Date.now()
  const told = await databaseClock(pool).now()
  await drop()
  expect(told).toBeGreaterThanOrEqual(before - 1)
  expect(told).toBeLessThanOrEqual(Date.now() + 1)
})
