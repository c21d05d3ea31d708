import { type Clock, plus } from '../market/time.ts'
import type { IngestCounts } from '../ports/bars.ts'
import type { HistoricalRequest, MarketData } from '../ports/marketData.ts'
import type { Lane, Pacing } from '../ports/pacing.ts'
import type { PacingSlot } from '../ports/pacingSlot.ts'
import type { Stores } from '../ports/stores.ts'
import { outcomeOf } from './answered.ts'

export interface AskDeps {
  readonly stores: Stores
  readonly marketData: MarketData
  readonly pacing: Pacing
  readonly market: Clock
}

/** How urgent a request is, and how long it may wait for its place in the budget, in market time. */
export interface Urgency {
  readonly lane: Lane
  readonly maxWaitMs: number
}

/** `late`: no place in the budget came free in time. `empty`: the broker has no trades there, so far. */
export type Asked = IngestCounts | 'late' | 'empty'

/**
 * Waits for a place in the budget, asks, and stores the bars with their coverage in one transaction. "No data" leaves
 * the span as it was: one such answer is no proof. Rejects as MarketData and Stores do.
 */
export async function askAndStore(
  deps: AskDeps,
  request: HistoricalRequest,
  urgency: Urgency,
  signal: AbortSignal,
): Promise<Asked> {
  const slot = await placeFor(deps, request, urgency, signal)
  if (slot === null) return 'late'
  const answer = await deps.marketData.historicalBars(request, slot, signal)
  if (answer.kind === 'empty') return 'empty'
  return deps.stores.transaction(async (tx) => {
    for (const span of outcomeOf(request, answer)) {
      await tx.coverage.mark(request.instrument, request.size, span, span.state)
    }
    const delivery = { source: urgency.lane, at: deps.market.now(), rejected: answer.rejected }
    return tx.bars.upsert(request.instrument, request.size, answer.bars, delivery)
  })
}

async function placeFor(
  { pacing, market }: AskDeps,
  request: HistoricalRequest,
  { lane, maxWaitMs }: Urgency,
  signal: AbortSignal,
): Promise<PacingSlot | null> {
  const giveUpAt = plus(market.now(), maxWaitMs)
  for (;;) {
    const reservation = await pacing.reserve(request, lane)
    if (reservation.granted) return reservation.slot
    if (reservation.freeAt > giveUpAt) return null
    await market.sleepUntil(reservation.freeAt, signal)
  }
}
