import { isSmallBar } from '../market/barSize.ts'
import { type Clock, type EpochMs, epochMs, plus } from '../market/time.ts'
import type { HistoricalRequest } from '../ports/marketData.ts'
import type { Pacing, PacingUsage, Reservation } from '../ports/pacing.ts'
import type { PacedRequest, PacingLedger } from '../ports/pacingLedger.ts'
import { type Demand, decide, shareOf, usedByLane, whenBelow, within } from './pacingDecision.ts'
import type { PacingRules } from './pacingRules.ts'
import { limitAfter, penaltyRow } from './penalty.ts'

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
    async share(lane) {
      const rows = await ledger.since(memoryStart())
      return { requests: shareOf(lane, rows, market.now(), rules, demand), windowMs: rules.windowMs }
    },
    async penalize() {
      await ledger.append(memoryStart(), (rows) => penaltyRow(rows, market.now(), rules.penalty))
    },
    async assumeFull() {
      const at = market.now()
      await ledger.append(at, () => ({ ...UNKNOWN, at, weight: rules.limit }))
    },
  }
}

/** One row in the place of requests that may have been: it fills the window from now on (decision 11). */
const UNKNOWN = { lane: 'trader', signature: 'unknown', contract: 'unknown' } as const

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
