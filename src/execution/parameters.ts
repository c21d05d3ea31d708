export type CommissionPlan = 'none' | 'ibkr-fixed' | 'ibkr-tiered'

/** How orders become fills (strategy, F1-F3). */
export interface ExecutionParameters {
  readonly fill: 'open' | 'close' | 'second'
  readonly latencyMs: number
  readonly slippageTicks: number
  /** Basis points of the price. */
  readonly slippageBps: number
  readonly commission: CommissionPlan
}

/** How many shares an entry buys (strategy, F4). */
export type Sizing =
  | { readonly kind: 'shares'; readonly shares: number }
  | { readonly kind: 'fraction'; readonly fraction: number }
