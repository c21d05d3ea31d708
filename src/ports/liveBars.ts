import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { Bar } from '../market/series.ts'
import type { SessionKind } from '../market/session.ts'

export interface LiveBarsRequest {
  readonly instrument: Instrument
  /** From one minute on: smaller ones would count against the budget. */
  readonly size: BarSize
  readonly session: SessionKind
}

/** What a followed series tells: a bar as it stands now, closed or still forming, or that some may have been missed. */
export type LiveBarsUpdate =
  | { readonly kind: 'bar'; readonly bar: Bar }
  | { readonly kind: 'interrupted'; readonly reason: string }

/** Bars as they form at the broker. */
export interface LiveBars {
  /**
   * Subscribes, and again by itself after every loss: each time the newest bars come first. Returns what ends it. A
   * series that says nothing for too long while the market is open is subscribed anew.
   */
  follow(request: LiveBarsRequest, listener: (update: LiveBarsUpdate) => void): () => void
}
