import type { Log } from '../log.ts'
import type { Instrument } from '../market/instrument.ts'
import { type Clock, floorTo, isoInstant, SECOND_MS } from '../market/time.ts'
import type { Pacing } from '../ports/pacing.ts'
import type { Stores } from '../ports/stores.ts'

export interface ProgressDeps {
  readonly stores: Stores
  readonly pacing: Pacing
  readonly market: Clock
  readonly log: Log
  readonly tracked: () => Promise<Instrument[]>
}

/** Says how far the bars reach, how many chunks wait, and how much of the budget is used. */
export async function progress(deps: ProgressDeps): Promise<string> {
  const { stores, pacing, market } = deps
  const newest: Record<string, string | null> = {}
  for (const instrument of await deps.tracked()) {
    const latest = await stores.bars.latest(instrument, '1s')
    newest[instrument.symbol] = latest && isoInstant(latest)
  }
  const waiting = await stores.backfills.waitingCount()
  const { used, limit } = await pacing.usage()
  deps.log.info(
    { market: isoInstant(floorTo(market.now(), SECOND_MS)), newest, waiting, budget: `${used}/${limit}` },
    'progress',
  )
  return `${waiting} chunks wait, ${used} of ${limit} places used`
}
