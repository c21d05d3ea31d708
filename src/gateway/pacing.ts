import { isSmallBar } from '../market/barSize.ts'
import { type Clock, type EpochMs, epochMs, later, plus, SECOND_MS, type TimeRange } from '../market/time.ts'
import type { HistoricalRequest } from '../ports/marketData.ts'
import { LANES, type Lane, type Pacing, type PacingUsage, type Reservation } from '../ports/pacing.ts'
import type { PacedRequest, PacingLedger } from '../ports/pacingLedger.ts'
import { limitAfter, PENALTY_RULES, type PenaltyRules, penaltyRow, whenForgiven } from './penalty.ts'

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
  let reserved = 0
  for (const other of LANES.slice(0, LANES.indexOf(lane))) {
    reserved += Math.max(0, (expected[other] ?? 0) - used[other])
  }
  return limitAfter(rows, now, rules) - reserved
}

/** A burst of history leaves a place for a live tick of the same contract. */
const burstRoomFor = (lane: Lane, { burstLimit }: PacingRules): number =>
  lane === 'trader' || lane === 'live' ? burstLimit : burstLimit - 1

/**
 * The earliest instant at which `weight` more fits under `room` in the window that ends there. When the room is smaller
 * than the weight itself nothing expiring helps: a second later the demand may have changed.
 */
function whenBelow(
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

const within = (rows: readonly PacedRequest[], now: EpochMs, windowMs: number): PacedRequest[] =>
  rows.filter((row) => row.at > now - windowMs)

const sameContract = (rows: readonly PacedRequest[], contract: string): PacedRequest[] =>
  rows.filter((row) => row.contract === contract).map((row) => ({ ...row, weight: 1 }))

function usedByLane(rows: readonly PacedRequest[]): Record<Lane, number> {
  const used: Record<Lane, number> = { trader: 0, live: 0, repair: 0, backfill: 0 }
  for (const row of rows) used[row.lane] += row.weight
  return used
}

export interface PacingDeps {
  readonly ledger: PacingLedger
  readonly market: Clock
  readonly rules: PacingRules
  readonly demand: Demand
}

/** The budget over a ledger that all processes share. Bars of a minute or more cost nothing and are always granted. */
export function ledgerPacing(deps: PacingDeps): Pacing {
  const { ledger, market, rules, demand } = deps
  const memoryStart = (): EpochMs => epochMs(market.now() - rules.penalty.forgottenMs)
  return {
    async reserve(request, lane) {
      if (!isSmallBar(request.size)) return granted(market.now(), rules)
      const wanted = { lane, weight: 1, signature: signatureOf(request), contract: contractOf(request) }
      let answer: Reservation = { granted: false, freeAt: market.now() }
      await ledger.append(memoryStart(), (rows) => {
        const decision = decide(rows, wanted, market.now(), rules, demand)
        const denied = 'freeAt' in decision
        answer = denied ? { granted: false, freeAt: decision.freeAt } : granted(decision.at, rules)
        return denied ? null : decision
      })
      return answer
    },
    async usage() {
      return usageOf(await ledger.since(memoryStart()), market.now(), rules)
    },
    async penalize() {
      await ledger.append(memoryStart(), (rows) => penaltyRow(rows, market.now(), rules.penalty))
    },
  }
}

const granted = (at: EpochMs, rules: PacingRules): Reservation => ({
  granted: true,
  slot: { at, sendBefore: plus(at, rules.sendWithinMs) },
})

function usageOf(rows: readonly PacedRequest[], now: EpochMs, rules: PacingRules): PacingUsage {
  const active = within(rows, now, rules.windowMs)
  const lanes = usedByLane(active)
  const used = active.reduce((sum, row) => sum + row.weight, 0)
  const limit = limitAfter(rows, now, rules)
  const nextFreeAt = epochMs(whenBelow(active, 1, now, limit, rules.windowMs))
  return { limit, used, nextFreeAt, lanes }
}

const contractOf = ({ instrument }: HistoricalRequest): string =>
  `${instrument.conId || instrument.symbol}@${instrument.exchange}/TRADES`

const signatureOf = (request: HistoricalRequest): string =>
  [contractOf(request), request.size, request.session, request.from, request.to].join('|')

/** The same budget while a request could leave: a place is never bought for a closed door. `ready` throws then. */
export const pacingWhile = (ready: () => unknown, pacing: Pacing): Pacing => ({
  ...pacing,
  async reserve(request, lane) {
    ready()
    return pacing.reserve(request, lane)
  },
})

/** What is not known to be free counts as used: one row that fills the window from now on (decision 11). */
export async function assumeFullWindow({ ledger, market, rules }: PacingDeps): Promise<void> {
  const at = market.now()
  await ledger.append(at, () => ({
    at,
    weight: rules.limit,
    lane: 'trader',
    signature: 'unknown',
    contract: 'unknown',
  }))
}
