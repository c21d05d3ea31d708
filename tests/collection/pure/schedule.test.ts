import { expect, test } from 'vitest'
import { Schedule } from '../../../jobs/schedule.ts'
import { createLog } from '../../../src/log.ts'
import { type EpochMs, isoInstant, MINUTE_MS, parseInstant, plus } from '../../../src/market/time.ts'
import { manualClock } from '../../support/manualClock.ts'
import { memoryDatabase } from '../../support/twins/database.ts'

const NOON = parseInstant('2024-06-03T16:00:00Z')

function listedAt(pattern: string) {
  let now: EpochMs = NOON
  const market = { ...manualClock(NOON), now: () => now }
  const { jobRuns: runs } = memoryDatabase().stores
  const job = { name: 'job', pattern, run: async () => 'done' }
  const schedule = new Schedule({ market, runs, log: createLog('error') }, [job])
  return async (at: EpochMs) => {
    now = at
    const [view] = await schedule.list()
    return view!.nextRun && isoInstant(view!.nextRun)
  }
}

test('the next run is the first after now, also once it has passed, and when the clock was put back', async () => {
  const nextAt = listedAt('0 */5 * * * *')
  expect(await nextAt(NOON)).toBe('2024-06-03T16:05:00Z')
  expect(await nextAt(plus(NOON, 4 * MINUTE_MS))).toBe('2024-06-03T16:05:00Z')
  expect(await nextAt(plus(NOON, 5 * MINUTE_MS))).toBe('2024-06-03T16:10:00Z')
  expect(await nextAt(plus(NOON, -MINUTE_MS))).toBe('2024-06-03T16:00:00Z')
})

test('lines are in the wall time of New York', async () => {
  expect(await listedAt('0 30 9 * * 1-5')(NOON)).toBe('2024-06-04T13:30:00Z')
})

test('a line that names no instant any more is never due', async () => {
  const nextAt = listedAt('0 0 0 1 1 * 2020')
  expect([await nextAt(NOON), await nextAt(plus(NOON, MINUTE_MS))]).toEqual([null, null])
})
