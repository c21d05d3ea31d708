import { constants, getPriority, setPriority } from 'node:os'
import { BarSeries } from '../market/series.ts'
import type { FinishedRun } from '../ports/backtests.ts'
import { type BacktestJob, finishedRun, runJob } from './run.ts'

export { decisionsPart } from './decisions.ts'
export { drawn } from './drawing.ts'
export { equityPart } from './equity.ts'
export { tradesPart } from './trades.ts'

// What computes comes after orders and collection ticks. Linux alone has a priority for each thread, and lets nobody
// raise it: who has started the service with a lower one keeps that.
if (process.platform === 'linux')
  setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL))

/** Runs a job that has come from another thread. */
export function run(sent: BacktestJob): FinishedRun {
  const job = { ...sent, candles: received(sent.candles), seconds: sent.seconds && received(sent.seconds) }
  return finishedRun(job, runJob(job))
}

/** A message keeps the columns, on the same memory, but not the class. */
const received = (sent: BarSeries): BarSeries => Object.assign(new BarSeries(1), sent)
