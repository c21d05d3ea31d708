import type { BacktestOutcome } from '../backtest/outcome.ts'
import type { BacktestRequest } from '../backtest/request.ts'

/** What a picture shows of a backtest: all but the reasons of its decisions. */
export interface ChartSubject {
  readonly request: BacktestRequest
  readonly outcome: Omit<BacktestOutcome, 'decisions' | 'decisionAt'>
}

/** What a report shows. */
export interface ReportSubject extends ChartSubject {
  /** The hash of the bars used. */
  readonly dataVersion: string
}
