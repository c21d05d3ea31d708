import { type BackfillDeps, backfillSessions } from '../src/collection/backfill.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { ScheduledJob } from './schedule.ts'

/** After every possible close: early, regular, extended. What the collector could not get is asked for again. */
export const backfillSessionsJob = (
  deps: BackfillDeps,
  tracked: () => Promise<Instrument[]>,
  sessions: number,
): ScheduledJob => ({
  name: 'backfill-sessions',
  pattern: '0 2 13,16,17,20 * * 1-5',
  async run() {
    const planned: string[] = []
    for (const instrument of await tracked()) {
      const backfill = await backfillSessions(deps, instrument, sessions)
      if (backfill !== null) planned.push(`${instrument.symbol}: ${backfill.chunks.total} chunks`)
    }
    return planned.length === 0 ? 'nothing is missing' : planned.join(', ')
  },
})
