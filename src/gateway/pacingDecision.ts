import { type EpochMs, epochMs, later, plus, SECOND_MS, type TimeRange } from '../market/time.ts'
import { LANES, type Lane } from '../ports/pacing.ts'
import type { PacedRequest } from '../ports/pacingLedger.ts'
import type { PacingRules } from './pacingRules.ts'
import { limitAfter, whenForgiven } from './penalty.ts'

/** How many requests of a lane will be needed in the coming window: that many places are kept free for it. */
export type Demand = (window: TimeRange) => Partial<Readonly<Record<Lane, number>>>

/**
 * Decides on one request, given every row of the last window, oldest first. Granted: the row to store. Denied: when it
 * may be asked again, never later than needed.
 */
export function decide(
  rows: readonly PacedRequest[],
  wanted: Omit<PacedRequest, 'at'>,
  now: EpochMs,
  rules: PacingRules,
  demand: Demand,
): PacedRequest | { freeAt: EpochMs } {
  // The ledger's clock never runs back: rows of a faster clock are obeyed.
  const at = rows.length === 0 ? now : later(now, rows.at(-1)!.at)
  const freeAt = Math.max(
    whenForgiven(rows, wanted, at, rules.penalty),
    whenBelow(rows, wanted.weight, at, roomFor(wanted.lane, rows, at, rules, demand), rules.windowMs),
    whenDistinct(rows, wanted.signature, at, rules.identicalMs),
    whenBelow(sameContract(rows, wanted.contract), 1, at, burstRoomFor(wanted.lane, rules), rules.burstMs),
  )
  return freeAt <= at ? { ...wanted, at } : { freeAt: epochMs(freeAt) }
}

/** The limit less what is kept for more urgent lanes and not yet used by them. */
function roomFor(
  lane: Lane,
  rows: readonly PacedRequest[],
  now: EpochMs,
  rules: PacingRules,
  demand: Demand,
): number {
  const expected = demand({ from: now, to: plus(now, rules.windowMs) })
  const used = usedByLane(within(rows, now, rules.windowMs))
  return limitAfter(rows, now, rules) - keptFrom(lane, (other) => (expected[other] ?? 0) - used[other])
}

/** What a lane may use of a whole window that begins now, when the more urgent ones need what they say. */
export function shareOf(
  lane: Lane,
  rows: readonly PacedRequest[],
  now: EpochMs,
  rules: PacingRules,
  demand: Demand,
): number {
  const expected = demand({ from: now, to: plus(now, rules.windowMs) })
  return Math.max(0, limitAfter(rows, now, rules) - keptFrom(lane, (other) => expected[other] ?? 0))
}

/** The places that a lane leaves to more urgent ones. */
const keptFrom = (lane: Lane, needed: (other: Lane) => number): number =>
  LANES.slice(0, LANES.indexOf(lane)).reduce((sum, other) => sum + Math.max(0, needed(other)), 0)

/** A burst of history leaves a place for a live tick of the same contract. */
const burstRoomFor = (lane: Lane, { burstLimit }: PacingRules): number =>
  lane === 'trader' || lane === 'live' ? burstLimit : burstLimit - 1

/**
 * The earliest instant at which `weight` more fits under `room` in the window that ends there. When the room is smaller
 * than the weight itself nothing expiring helps: a second later the demand may have changed.
 */
export function whenBelow(
  rows: readonly PacedRequest[],
  weight: number,
  now: EpochMs,
  room: number,
  windowMs: number,
): number {
  const active = within(rows, now, windowMs)
  let used = active.reduce((sum, row) => sum + row.weight, 0)
  if (used + weight <= room) return now
  for (const row of active) {
    used -= row.weight
    if (used + weight <= room) return row.at + windowMs
  }
  return now + SECOND_MS
}

function whenDistinct(
  rows: readonly PacedRequest[],
  signature: string,
  now: EpochMs,
  identicalMs: number,
): number {
  const last = rows.findLast((row) => row.signature === signature)
  return last === undefined ? now : Math.max(now, last.at + identicalMs)
}

export const within = (rows: readonly PacedRequest[], now: EpochMs, windowMs: number): PacedRequest[] =>
  rows.filter((row) => row.at > now - windowMs)

const sameContract = (rows: readonly PacedRequest[], contract: string): PacedRequest[] =>
  rows.filter((row) => row.contract === contract).map((row) => ({ ...row, weight: 1 }))

export function usedByLane(rows: readonly PacedRequest[]): Record<Lane, number> {
  const used: Record<Lane, number> = { trader: 0, live: 0, repair: 0, backfill: 0 }
  for (const row of rows) used[row.lane] += row.weight
  return used
}
