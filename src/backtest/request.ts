import type { ExecutionParameters, Sizing } from '../execution/parameters.ts'
import type { BarSize } from '../market/barSize.ts'
import type { Align } from '../market/resample.ts'
import type { SessionKind } from '../market/session.ts'
import type { EpochMs } from '../market/time.ts'
import type { PivotBreakoutParameters } from '../strategy/parameters.ts'

/** A backtest in full: every default filled in. */
export interface BacktestRequest {
  readonly symbol: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly size: BarSize
  readonly session: SessionKind
  readonly align: Align
  /** The size of the stored bars that the candles are made of. */
  readonly base: BarSize
  readonly strategy: PivotBreakoutParameters
  readonly execution: ExecutionParameters
  readonly sizing: Sizing
  readonly initialCash: number
  /** Run over time that is not covered. */
  readonly force: boolean
}
