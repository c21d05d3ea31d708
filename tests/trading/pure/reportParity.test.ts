import { expect, test } from 'vitest'
import { reportParity } from '../../../jobs/reportParity.ts'
import { refused } from '../../../src/errors.ts'
import type { ParityReport } from '../../../src/ports/trading.ts'
import { manualClock } from '../../support/manualClock.ts'
import { silentLog } from '../../support/simulator.ts'
import { memoryDatabase } from '../../support/twins/database.ts'
import { NOON } from '../samples.ts'

const REPORT: ParityReport = {
  ...{ date: '2024-06-03', symbol: 'SPY', size: '5m', decisions: 78, fills: [] },
  differences: [{ kind: 'decision', time: NOON, cause: 'data', detail: 'close' }],
  causes: { data: 1, timing: 0, fill: 0, state: 0 },
}
const { signal } = new AbortController()

test('a day is told once, however often it is compared', async () => {
  const { events } = memoryDatabase().stores
  let report = REPORT
  // Made anew each time, as after a restart.
  const run = () =>
    reportParity({
      ...{ market: manualClock(NOON), events, log: silentLog },
      parity: async () => report,
    }).run(signal)
  expect(await run()).toBe('2024-06-03: 78 decisions, 1 differences, 0 unexplained')
  expect(await run()).toBe('2024-06-03 has been told')
  report = { ...REPORT, date: '2024-06-04' }
  await run()
  const told = await events.list({ limit: 9 })
  expect(told.map(({ type, data }) => [type, (data as { date: string }).date])).toEqual([
    ['parity.report', '2024-06-04'],
    ['parity.report', '2024-06-03'],
  ])
})

test('a day with nothing to compare is no failure', async () => {
  const { events } = memoryDatabase().stores
  const parity = () => Promise.reject(refused('the trader was not warmed up'))
  const job = reportParity({ market: manualClock(NOON), events, log: silentLog, parity })
  expect(await job.run(signal)).toBe('the trader was not warmed up')
  expect(await events.latest()).toBe(0)
})
