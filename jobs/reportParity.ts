import { AppError } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import type { Clock } from '../src/market/time.ts'
import type { EventData, EventStore } from '../src/ports/events.ts'
import type { ParityReport } from '../src/ports/trading.ts'
import type { ScheduledJob } from './schedule.ts'

export interface ReportParityDeps {
  readonly market: Clock
  readonly events: EventStore
  readonly log: Log
  /** Of the last session that has closed. */
  readonly parity: () => Promise<ParityReport>
}

type Told = EventData['parity.report']

/** Ten minutes after every possible close, when its last seconds are stored: each session is told once. */
export const reportParity = (deps: ReportParityDeps): ScheduledJob => ({
  name: 'report-parity',
  pattern: '0 10 13,16,17,20 * * 1-5',
  run: () => report(deps).catch(sayRefusal),
})

async function report({ market, events, log, parity }: ReportParityDeps): Promise<string> {
  const { date, decisions, differences, causes } = await parity()
  const [newest] = await events.list({ limit: 1, types: ['parity.report'] })
  if ((newest?.data as Told | undefined)?.date === date) return `${date} has been told`
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
