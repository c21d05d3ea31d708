/** The parameters of the pivot breakout (strategy, P1-P6). */
export interface PivotBreakoutParameters {
  readonly name: 'pivot-breakout'
  /** Candles that a swing beats before it and after it. */
  readonly left: number
  readonly right: number
  readonly ties: 'strict' | 'last' | 'any'
  readonly ma: 'sma' | 'ema'
  /** Candles. */
  readonly length: number
  readonly trigger: 'level' | 'cross'
  readonly stop: 'ratchet' | 'latest'
  readonly guard: boolean
  /** Per cent below the entry price at which a stop rests at the broker; null for none. */
  readonly protectiveStopPct: number | null
}
