import { AppError } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import type { Clock } from '../src/market/time.ts'
import type { EventStore } from '../src/ports/events.ts'
import type { JobRunStore } from '../src/ports/jobRuns.ts'
import type { ParityReport } from '../src/ports/trading.ts'
import type { ScheduledJob } from './schedule.ts'

export interface ReportParityDeps {
  readonly market: Clock
  readonly events: EventStore
  readonly runs: JobRunStore
  readonly log: Log
  /** Of the last session that has closed. */
  readonly parity: () => Promise<ParityReport>
}

const NAME = 'report-parity'

/** Ten minutes after every possible close, when its last seconds are stored: each session is told once. */
export const reportParity = (deps: ReportParityDeps): ScheduledJob => ({
  name: NAME,
  pattern: '0 10 13,16,17,20 * * 1-5',
  run: () => report(deps).catch(sayRefusal),
})

async function report({ market, events, runs, log, parity }: ReportParityDeps): Promise<string> {
  const { date, decisions, differences, causes } = await parity()
  const before = (await runs.list()).find(({ name }) => name === NAME)
  if (before?.detail?.startsWith(date)) return before.detail
  const unexplained = differences.filter(({ cause }) => cause === null)
  for (const { time, detail } of unexplained) log.error({ date, time, detail }, 'parity: unexplained')
  const data = { date, decisions, differences: differences.length, causes }
  await events.append([{ type: 'parity.report', time: market.now(), data }])
  return `${date}: ${decisions} decisions, ${differences.length} differences, ${unexplained.length} unexplained`
}

/** There may have been nothing to compare. */
function sayRefusal(error: unknown): string {
  if (error instanceof AppError && error.kind === 'refused') return error.message
  throw error
}
