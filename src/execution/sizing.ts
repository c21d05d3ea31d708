import type { Sizing } from './parameters.ts'

/** Whole shares that an entry buys (strategy, F4), from the account's equity at the deciding close. Never negative. */
export function sharesToBuy(sizing: Sizing, equity: number, close: number): number {
  switch (sizing.kind) {
    case 'shares':
      return sizing.shares
    case 'fraction':
      return Math.max(0, Math.floor((sizing.fraction * equity) / close))
  }
}
