import type { EpochMs } from '../market/time.ts'

/**
 * A position that is still held: marked to the last close, and no closed trade (strategy, F5). `Reason` stands for a text
 * that is not told yet.
 */
export interface OpenTrade<Reason = string> {
  readonly entryTime: EpochMs
  readonly entryPrice: number
  readonly entryReason: Reason
  /** Shares. */
  readonly quantity: number
  readonly markTime: EpochMs
  readonly markPrice: number
  /** (mark − entry) × quantity − commission of the entry. */
  readonly unrealizedPnl: number
  /** Candles since the entry, its own included. */
  readonly bars: number
}

/** A closed round trip. */
export interface Trade<Reason = string> {
  readonly entryTime: EpochMs
  readonly entryPrice: number
  readonly entryReason: Reason
  readonly exitTime: EpochMs
  readonly exitPrice: number
  readonly exitReason: Reason
  /** Shares. */
  readonly quantity: number
  /** (exit − entry) × quantity, before commission. Prices hold the slippage already. */
  readonly grossPnl: number
  /** Of both fills. */
  readonly commission: number
  readonly netPnl: number
  /** netPnl ÷ (entry price × quantity). */
  readonly returnPct: number
  /** Candles from the entry's to the exit's, both included. */
  readonly bars: number
  /** Most adverse and most favourable excursion while held, as fractions of the entry price; mae <= 0 <= mfe. */
  readonly mae: number
  readonly mfe: number
}
