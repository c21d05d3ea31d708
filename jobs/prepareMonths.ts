import { type Clock, DAY_MS, plus } from '../src/market/time.ts'
import type { Storage } from '../src/ports/storage.ts'
import type { ScheduledJob } from './schedule.ts'

export interface PrepareDeps {
  readonly storage: Pick<Storage, 'prepare'>
  readonly market: Clock
}

/** Far enough that weeks without a run are no harm; an ingest makes what is missing all the same. */
const AHEAD_DAYS = 62

/** The months to come have their partitions before the first second of them arrives. */
export const prepareMonths = ({ storage, market }: PrepareDeps): ScheduledJob => ({
  name: 'prepare-months',
  pattern: '0 0 1 * * *',
  async run() {
    const from = market.now()
    await storage.prepare({ from, to: plus(from, AHEAD_DAYS * DAY_MS) })
    return `ready for ${AHEAD_DAYS} days`
  },
})
