import { type EpochMs, epochMs, HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../market/time.ts'
import type { Lane } from '../ports/pacing.ts'
import type { PacedRequest } from '../ports/pacingLedger.ts'

/** What follows when the broker calls a request a pacing violation, though by our own count there was none. */
export interface PenaltyRules {
  /** How long history stands still, at the first violation, the second and so on; the last stays. */
  readonly stopMs: readonly number[]
  /** For how long, and at which distance, live requests of one contract go on. */
  readonly slowForMs: number
  readonly slowEveryMs: number
  /** What is left of the limit while a violation is remembered. */
  readonly share: number
  readonly forgottenMs: number
  /** So many requests without a new violation take one step of `stopMs` back. */
  readonly forgivenAfter: number
  /** Answers to requests that were under way together are one violation. */
  readonly togetherMs: number
}

export const PENALTY_RULES: PenaltyRules = {
  stopMs: [MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS],
  slowForMs: MINUTE_MS,
  slowEveryMs: 30 * SECOND_MS,
  share: 0.9,
  forgottenMs: HOUR_MS,
  forgivenAfter: 20,
  togetherMs: 15 * SECOND_MS,
}

const VIOLATION = { weight: 0, lane: 'trader', signature: 'violation', contract: 'violation' } as const

const isViolation = (row: PacedRequest): boolean => row.weight === 0

/** The row that tells every process of a violation, or null when the last one covers it. */
export function penaltyRow(
  rows: readonly PacedRequest[],
  now: EpochMs,
  rules: PenaltyRules,
): PacedRequest | null {
  const last = rows.findLast(isViolation)
  if (last !== undefined && now < last.at + rules.togetherMs) return null
  return { ...VIOLATION, at: epochMs(Math.max(now, rows.at(-1)?.at ?? now)) }
}

/** The budget's limit, less a tenth while a violation is remembered. */
export function limitAfter(
  rows: readonly PacedRequest[],
  now: EpochMs,
  { limit, penalty }: { limit: number; penalty: PenaltyRules },
): number {
  const last = rows.findLast(isViolation)
  return last !== undefined && now < last.at + penalty.forgottenMs ? Math.floor(limit * penalty.share) : limit
}

/** When a request of this lane and contract may go on after the last violation; `now` when nothing keeps it. */
export function whenForgiven(
  rows: readonly PacedRequest[],
  { lane, contract }: { lane: Lane; contract: string },
  now: EpochMs,
  rules: PenaltyRules,
): EpochMs {
  const last = rows.findLast(isViolation)
  if (last === undefined || lane === 'trader') return now
  if (lane === 'live') return whenSlow(rows, contract, last.at, now, rules)
  const stopMs = rules.stopMs[Math.min(severity(rows, rules), rules.stopMs.length) - 1] ?? 0
  return epochMs(Math.max(now, last.at + stopMs))
}

function whenSlow(
  rows: readonly PacedRequest[],
  contract: string,
  since: EpochMs,
  now: EpochMs,
  { slowForMs, slowEveryMs }: PenaltyRules,
): EpochMs {
  const last = rows.findLast((row) => row.lane === 'live' && row.contract === contract)
  if (last === undefined || now >= since + slowForMs) return now
  return epochMs(Math.max(now, Math.min(plus(last.at, slowEveryMs), plus(since, slowForMs))))
}

/** How many violations stand: each adds one, and every so many requests without one take one away. */
function severity(rows: readonly PacedRequest[], { forgivenAfter, stopMs }: PenaltyRules): number {
  let standing = 0
  let clean = 0
  for (const row of rows) {
    if (isViolation(row)) standing = Math.min(standing + 1, stopMs.length)
    clean = isViolation(row) ? 0 : clean + 1
    if (clean === forgivenAfter) {
      standing = Math.max(0, standing - 1)
      clean = 0
    }
  }
  return standing
}
