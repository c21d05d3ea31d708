import { runBacktest } from '../backtest/backtest.ts'
import type { BacktestOutcome } from '../backtest/outcome.ts'
import type { BacktestRequest } from '../backtest/request.ts'
import type { BarSeries } from '../market/series.ts'
import type { FinishedRun } from '../ports/backtests.ts'
import { shownResult, shownTrade } from './answer.ts'
import { packedOutcome } from './packedOutcome.ts'

/** A backtest with everything that it needs. */
export interface BacktestJob {
  readonly request: BacktestRequest
  readonly candles: BarSeries
  /** The 1-second bars of the same range where fills are looked for in them, or null. */
  readonly seconds: BarSeries | null
  readonly minTick: number
  /** The hash of the bars used. */
  readonly dataVersion: string
  /** What is to be said of the bars. */
  readonly warnings: readonly string[]
}

type OnProgress = (done: number, total: number) => void

/** Runs a job. `candles` of the outcome are those of the job. */
export function runJob(
  { request, ...market }: BacktestJob,
  onProgress: OnProgress = () => {},
): BacktestOutcome {
  return runBacktest(request, market, { onProgress })
}

/** What is kept of a run. */
export function finishedRun({ dataVersion, warnings }: BacktestJob, outcome: BacktestOutcome): FinishedRun {
  return {
    result: JSON.stringify(shownResult(outcome, dataVersion, warnings)),
    trades: JSON.stringify(outcome.trades.map(shownTrade)),
    columns: packedOutcome(outcome),
  }
}
