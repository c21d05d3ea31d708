import type { BarSize } from '../market/barSize.ts'
import type { CoverageRange, CoverageState } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'

/** What is known of stored bars besides their values. */
interface Judgement {
  /** As `between` tells them. */
  readonly known: CoverageRange[]
  /** The times of bars that the quarantine suspects and has not taken out of the candles, oldest first. */
  readonly suspected: EpochMs[]
}

/** What was asked of the broker, and with what outcome. Time that is in no range was never asked for. */
export interface CoverageStore {
  /** Sets the state of a span; what the span was before is overwritten, except that nothing overwrites `done`. */
  mark(instrument: Instrument, size: BarSize, range: TimeRange, state: CoverageState): Promise<void>
  /** The known ranges that overlap `range`, cut to it, oldest first, never overlapping. */
  between(instrument: Instrument, size: BarSize, range: TimeRange): Promise<CoverageRange[]>
  /** The same, with what the quarantine suspects in the range, at one instant. */
  judgement(instrument: Instrument, size: BarSize, range: TimeRange): Promise<Judgement>
}
