/** Microseconds, all of them taken by the other side of the wire. */
export interface Sample {
  /** The same bytes as the bar's, through a bare echo. */
  readonly echo: number
  /** From the bar to the question whether TWS is alive, and from its answer to the order. */
  readonly probe: number
  readonly order: number
  /** From the bar to the order. */
  readonly whole: number
}

/** What the trader's process asks of the other side: to close a candle. */
export interface Asked {
  readonly candle: number
  readonly isOrdered: boolean
}

export type Told =
  | { readonly kind: 'listens'; readonly port: 'tws' | 'echo'; readonly at: number }
  /** Null when nothing was to be ordered, or something else went over the wire meanwhile. */
  | { readonly kind: 'passed'; readonly sample: Sample | null }
  | { readonly kind: 'failed'; readonly reason: string }
