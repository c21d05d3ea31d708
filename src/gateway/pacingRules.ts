import { SECOND_MS } from '../market/time.ts'
import { PENALTY_RULES, type PenaltyRules } from './penalty.ts'

/**
 * IB: at most 60 requests for bars of 30 s or less in any 10 minutes, none identical within 15 s, fewer than 6 for one
 * contract within 2 s. Ours stay below by a margin for what lies between our clock and IB's.
 */
export interface PacingRules {
  readonly limit: number
  readonly windowMs: number
  readonly identicalMs: number
  readonly burstLimit: number
  readonly burstMs: number
  /** A slot that is not on the wire this long after its reservation is forfeited. */
  readonly sendWithinMs: number
  readonly penalty: PenaltyRules
}

/**
 * The rules for a market clock that runs `speed` times real time: a delay of ours between reservation and wire is that
 * much longer in market time, so the margins grow with it. At 1 the window is 605.1 s; it is capped so that at least
 * 95 % of the limit stays usable.
 */
export function pacingRules(speed: number): PacingRules {
  const wireMs = Math.min(15 * SECOND_MS, 100 * speed)
  return {
    limit: 58,
    windowMs: 605 * SECOND_MS + wireMs,
    identicalMs: 15_500 + wireMs,
    burstLimit: 5,
    burstMs: 2_500 + wireMs,
    sendWithinMs: SECOND_MS + wireMs,
    penalty: PENALTY_RULES,
  }
}
