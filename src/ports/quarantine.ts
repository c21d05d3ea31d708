import type { SuspectKind } from '../market/badPrint.ts'
import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'
import type { BarSource } from './bars.ts'

/** What becomes of suspected bad prints that nobody has decided upon. */
export type BadPrintPolicy = 'flag' | 'exclude'

/** `badValue`: a row that cannot be a bar; it is stored nowhere else. */
type QuarantineKind = 'badValue' | SuspectKind

/**
 * `rejected` no bar was made of it · `flagged` in the candles, which are `suspect` · `excluded` in no candle ·
 * `released` in the candles because a person said so.
 */
export type QuarantineState = 'rejected' | 'flagged' | 'excluded' | 'released'

export interface QuarantineItem {
  readonly id: string
  readonly instrument: Instrument
  readonly size: BarSize
  /** The bar's start; null where a bad row has no readable time. */
  readonly time: EpochMs | null
  readonly kind: QuarantineKind
  readonly state: QuarantineState
  readonly decidedBy: 'rule' | 'policy' | 'person'
  readonly reason: string
  /** The row as it was delivered, in JSON. */
  readonly sample: string
  readonly source: BarSource
  /** The chunk or import that brought it. */
  readonly request: string | null
  /** When it was found: market time, where it is known, and machine time. */
  readonly marketTime: EpochMs | null
  readonly machineTime: EpochMs
}

export interface QuarantineQuery extends Partial<TimeRange> {
  readonly instrument?: Instrument
  readonly kind?: QuarantineKind
  readonly state?: QuarantineState
  readonly limit: number
  /** The id of the last item of the page before. */
  readonly after?: string
}

export interface QuarantineStore {
  /** Newest finding first. */
  list(query: QuarantineQuery): Promise<QuarantineItem[]>
  find(id: string): Promise<QuarantineItem | null>
  /**
   * Takes a suspected bar out of the candles, or lets it in again, with the rollups in one transaction. Null when the
   * id is unknown; rejects with `conflict` when the item is no bar. Doing it again changes nothing.
   */
  decide(id: string, decision: 'excluded' | 'released'): Promise<QuarantineItem | null>
  /** How many bars of a range are suspected, and not taken out of the candles. */
  countSuspected(instrument: Instrument, size: BarSize, range: TimeRange): Promise<number>
  /** Applies the policy of this start to bad prints that nobody has decided upon. Resolves with how many changed. */
  applyPolicy(): Promise<number>
}
