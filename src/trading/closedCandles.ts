import type { Instrument } from '../market/instrument.ts'
import type { Bar } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { TraderSettings } from '../ports/traders.ts'

/** A candle that will not change any more. */
export interface ClosedCandle {
  readonly candle: Bar
  /** The end of its size, or of its session. */
  readonly closedAt: EpochMs
}

export interface CandlesRequest {
  readonly instrument: Instrument
  readonly settings: TraderSettings
  /** The warm-up begins early enough for a decision at the close of this candle; null for one at the newest. */
  readonly decidingFrom: EpochMs | null
}

/** Is given each candle once, in order: first those of the warm-up, then `warm` once, then each as it closes. */
export interface CandleSink {
  candle(candle: ClosedCandle): void
  /** Everything that has closed so far was given. */
  warm(): void
}

/** Where the trader's candles come from: its own store, else the gateway, then the live stream, without a gap. */
export interface ClosedCandles {
  /** Resolves once the signal is aborted. Trouble on the way is its own: it asks again until it has the candles. */
  follow(request: CandlesRequest, sink: CandleSink, signal: AbortSignal): Promise<void>
}
