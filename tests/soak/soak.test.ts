import { expect, test, vi } from 'vitest'
import { FAULTS } from './faults.ts'
import { PLANTS } from './plants.ts'
import { soak } from './soak.ts'
import { soakSessions } from './verdict.ts'

// Seconds on a machine of its own, more beside other tests.
vi.setConfig({ testTimeout: 90_000 })

/** A half day, the next full day after a weekend, and the day after it. */
const SESSIONS = soakSessions(3)
const HALF_DAY = SESSIONS.slice(0, 1)

test('three days full of faults end whole, within every limit, with nothing left behind', {
  timeout: 60_000,
}, async () => {
  const report = await soak({ sessions: SESSIONS, seed: 1 })
  expect(report.wrong).toEqual([])
  expect(report.busiest).toBeLessThanOrEqual(60)
  expect([...report.faults.keys()].sort()).toEqual(Object.keys(FAULTS).sort())
})

test('one seed tells one story', async () => {
  const trace = async () => (await soak({ sessions: HALF_DAY, seed: 7 })).trace
  expect(await trace()).toBe(await trace())
})

test.each([
  ['no notice 1100', 'reported lost'],
  ['token bucket', 'limit broken'],
  ['no overlap', 'covered, but'],
  ['coverage outside the transaction', 'covered, but'],
])('a planted bug is found: %s', async (name, told) => {
  const report = await soak({ sessions: HALF_DAY, seed: 1, plant: PLANTS[name]! })
  expect(report.wrong.join('\n')).toContain(told)
})
