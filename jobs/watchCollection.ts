import { type StalledDeps, watchCollection } from '../src/collection/stalled.ts'
import type { EpochMs } from '../src/market/time.ts'
import type { ScheduledJob } from './schedule.ts'

/** Twice a minute of a day with a session. */
export function watchCollectionJob(deps: StalledDeps): ScheduledJob {
  let begun: EpochMs | null = null
  return {
    name: 'watch-collection',
    pattern: '5,35 * 4-20 * * 1-5',
    run() {
      begun ??= deps.market.now()
      return watchCollection({ ...deps, begun })
    },
  }
}
