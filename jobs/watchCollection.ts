import { type StalledDeps, watchCollection } from '../src/collection/stalled.ts'
import type { ScheduledJob } from './schedule.ts'

/** Twice a minute of a day with a session. */
export const watchCollectionJob = (deps: StalledDeps): ScheduledJob => ({
  name: 'watch-collection',
  pattern: '5,35 * 4-20 * * 1-5',
  run: () => watchCollection(deps),
})
