import { expect, test } from 'vitest'
import type { JobRun, JobRunStore } from '../../src/ports/jobRuns.ts'
import { secondAt } from '../support/bars.ts'

/** What any store of job runs does. `open` gives an empty one. */
export function jobRunStoreContract(open: () => Promise<JobRunStore>): void {
  test('the last run of each job is kept, by name', async () => {
    const runs = await open()
    const run: JobRun = { name: 'collect-bars', lastRun: secondAt(0), lastResult: 'done', detail: '15 new' }
    const other: JobRun = { name: 'backfill', lastRun: secondAt(1), lastResult: 'done', detail: '' }
    const later: JobRun = { ...run, lastRun: secondAt(15), lastResult: 'failed', detail: 'no gateway' }
    expect(await runs.list()).toEqual([])
    for (const each of [run, other, later]) await runs.record(each)
    expect(await runs.list()).toEqual([other, later])
  })
}
