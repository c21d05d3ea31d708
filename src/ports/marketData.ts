import type { RejectedBar } from '../market/badValue.ts'
import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { BarSeries } from '../market/series.ts'
import type { Session, SessionKind } from '../market/session.ts'
import type { TimeRange } from '../market/time.ts'
import type { PacingSlot } from './pacingSlot.ts'

/** Bars of one instrument in [from, to): `to` is sent as the explicit end, the length as the duration. */
export interface HistoricalRequest extends TimeRange {
  readonly instrument: Instrument
  readonly size: BarSize
  readonly session: SessionKind
}

/**
 * `empty`: the broker says that it has no data there. Bars outside the range asked for are already left out, and rows
 * that cannot be bars stand by themselves.
 */
export type HistoricalAnswer =
  | { readonly kind: 'bars'; readonly bars: BarSeries; readonly rejected: readonly RejectedBar[] }
  | { readonly kind: 'empty' }

/** What the broker knows of a symbol. */
export type QualifiedInstrument = Omit<Instrument, 'id' | 'tracked'>

/** Market data of the broker. Rejects with an AppError: `unavailable` when asking again later can succeed. */
export interface MarketData {
  qualify(symbol: string): Promise<QualifiedInstrument>
  /** Sends at once: the slot is already paid for. A slot that is too old to send is refused as `throttled`. */
  historicalBars(
    request: HistoricalRequest,
    slot: PacingSlot,
    signal?: AbortSignal,
  ): Promise<HistoricalAnswer>
  /** The broker's own sessions of the last `days` days, oldest first. */
  schedule(instrument: Instrument, days: number, session: SessionKind): Promise<Session[]>
}
