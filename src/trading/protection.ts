import type { Intent } from '../ports/intents.ts'
import { stopPriceOf } from './draft.ts'
import { isEnd } from './orderState.ts'
import type { Holding } from './trips.ts'

/** What a stop must be. */
export interface StopTerms {
  readonly quantity: number
  readonly stopPrice: number
}

/**
 * What a position lacks to be protected: a stop (`arm`), another one than it has (`amend`), or anybody who can still do
 * something (`lost`: it was armed anew and lost again). `spare`: stops that protect nothing.
 */
export type Protection =
  | { readonly kind: 'none' }
  | { readonly kind: 'arm'; readonly terms: StopTerms }
  | { readonly kind: 'lost' }
  | { readonly kind: 'amend'; readonly terms: StopTerms; readonly stop: Intent }
  | { readonly kind: 'spare'; readonly stops: readonly Intent[] }

interface Rules {
  readonly pct: number
  readonly minTick: number
}

/** Armed once anew; a second loss is for somebody else to solve (O17). */
const MOST_LOSSES = 1

/** `intents`: all of today and all that are open. `at`: the terms of a stop as the broker last told them. */
export function protectionOf(
  holding: Holding,
  intents: readonly Intent[],
  rules: Rules,
  at: (intent: Intent) => StopTerms | null,
): Protection {
  const open = intents.filter(({ state }) => !isEnd(state))
  const stops = open.filter(({ purpose }) => purpose === 'stop')
  // The broker brings the stop of an entry to life as far as that is filled.
  if (open.some(({ purpose }) => purpose === 'entry')) return { kind: 'none' }
  if (holding.quantity <= 0) return stops.length > 0 ? { kind: 'spare', stops } : { kind: 'none' }
  const terms = termsOf(holding, rules)
  const stop = stops.at(-1)
  // An exit at work takes the stop back itself; one that is in doubt is not relied on.
  const isExiting = open.some(
    ({ purpose, state }) => purpose === 'exit' && state !== 'reserved' && state !== 'unresolved',
  )
  // One that the broker takes back by itself sells nothing any more, however late it says so.
  if (stop === undefined || stop.state === 'cancelling') {
    if (isExiting) return { kind: 'none' }
    return lossesOf(holding, intents) > MOST_LOSSES ? { kind: 'lost' } : { kind: 'arm', terms }
  }
  if (stops.length > 1) return { kind: 'spare', stops: stops.slice(0, -1) }
  if (isExiting || stop.state !== 'working') return { kind: 'none' }
  return isSame(at(stop) ?? stopTerms(stop), terms) && isSame(stopTerms(stop), terms)
    ? { kind: 'none' }
    : { kind: 'amend', terms, stop }
}

/** Shares held that no stop at the broker would sell. */
export function uncovered(held: number, open: readonly Intent[]): number {
  const covered = open.filter(protects).reduce((sum, { quantity, filled }) => sum + quantity - filled, 0)
  return Math.max(0, held - covered)
}

const protects = ({ purpose, state }: Intent): boolean =>
  purpose === 'stop' && (state === 'working' || state === 'partial')

const termsOf = ({ quantity, averagePrice }: Holding, { pct, minTick }: Rules): StopTerms => ({
  quantity,
  stopPrice: stopPriceOf(averagePrice, pct, minTick),
})

const stopTerms = ({ quantity, stopPrice }: Intent): StopTerms => ({ quantity, stopPrice: stopPrice! })

const isSame = (a: StopTerms, b: StopTerms): boolean =>
  a.quantity === b.quantity && Math.abs(a.stopPrice - b.stopPrice) < 1e-6

/** Stops of this position that ended without having sold anything, and without an exit beside them. */
function lossesOf({ open }: Holding, intents: readonly Intent[]): number {
  const entries = new Set(open.map(({ intent }) => intent))
  const since = open[0]!.bookedAt
  return intents.filter(
    ({ purpose, state, filled, parent, createdAt }) =>
      purpose === 'stop' &&
      (state === 'cancelled' || state === 'rejected') &&
      filled === 0 &&
      (createdAt >= since || (parent !== null && entries.has(parent))),
  ).length
}
