import type { MarketOrder, StopOrder } from '../execution/order.ts'

/** What the engine tells a broker. The broker answers with fills, when it can. */
export type Command =
  | { readonly kind: 'trade'; readonly order: MarketOrder }
  /** Rest this stop, in the place of an earlier one. */
  | { readonly kind: 'protect'; readonly order: StopOrder }
  /** Take the resting stop back: there is nothing left to protect. */
  | { readonly kind: 'unprotect' }
