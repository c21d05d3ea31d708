import type { DecisionLog } from '../engine/decisionLog.ts'
import { seededRandom } from '../market/seededRandom.ts'

/** A year of five-minute candles: what may be replayed besides at no cost worth naming. */
const LEAST_BUDGET = 20_000
const MOST_PREFIXES = 16

/**
 * How many decisions come out otherwise when the candles end earlier: a decision that changes with what follows it has
 * looked ahead. `replay` decides over the first candles alone; a sample of lengths is tried, all together hardly more
 * than the whole.
 */
export function countRewrites(whole: DecisionLog, replay: (length: number) => DecisionLog): number {
  let rewrites = 0
  for (const length of sampleOfLengths(whole.length)) {
    const part = replay(length)
    for (let i = 0; i < length; i++) if (!part.agrees(whole, i)) rewrites++
  }
  return rewrites
}

/** The same sample for the same length. */
function sampleOfLengths(total: number): number[] {
  const random = seededRandom(total)
  const lengths: number[] = []
  let budget = Math.max(total, LEAST_BUDGET)
  while (total > 0 && budget > 0 && lengths.length < MOST_PREFIXES) {
    const length = 1 + Math.floor(random() * Math.min(total, budget))
    lengths.push(length)
    budget -= length
  }
  return lengths
}
