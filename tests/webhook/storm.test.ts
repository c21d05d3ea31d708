import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { storm } from './storm/storm.ts'

const { url, stores, drop } = await testDatabase()
afterAll(drop)

test('1,000 events, three of ten receivers that fail and two kills: nothing is lost or out of order', async () => {
  const kills = 2
  const options = {
    url,
    stores,
    events: 1_000,
    kills,
    seed: 1,
    seconds: 12,
    endpoints: 10,
    failing: 3,
    deadlineMs: 240_000,
  }
  const result = await storm(options)
  expect(result).toMatchObject({ lost: 0, outOfOrder: 0, forged: 0 })
  expect(result.failures).toBeGreaterThan(60)
  expect(result.mostDuplicates).toBeLessThanOrEqual(kills)
}, 300_000)
