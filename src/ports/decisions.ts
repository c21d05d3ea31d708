import type { Bar } from '../market/series.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'
import type { Decision } from '../strategy/decision.ts'

/** What became of a decision: `missed` came too late to be acted on, `denied` by a limit. */
export type DecisionOutcome = 'none' | 'ordered' | 'denied' | 'missed' | 'warmup'

/** One closed candle, and what the trader made of it. */
export interface JournalledDecision extends Decision {
  readonly symbol: string
  /** The candle as it was decided on: its time and close are those of the decision. */
  readonly candle: Bar
  readonly barHash: string
  readonly outcome: DecisionOutcome
  /** Why it was denied or missed. */
  readonly hindrance: string | null
  /** The intent that it led to. */
  readonly intent: string | null
  /** Market time at which it was made. */
  readonly madeAt: EpochMs
  /** Version of the trader's row at that time. */
  readonly trader: number
}

export interface DecisionStore {
  /** One for each candle of a symbol: rejects with `conflict` when there is one. Its intent must be there. */
  add(decision: JournalledDecision): Promise<void>
  find(symbol: string, candleTime: EpochMs): Promise<JournalledDecision | null>
  /** Candles with `from` <= time < `to`, oldest first. */
  between(symbol: string, range: TimeRange, limit?: number): Promise<JournalledDecision[]>
  latest(symbol: string): Promise<JournalledDecision | null>
}
