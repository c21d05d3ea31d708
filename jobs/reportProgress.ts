import { type ProgressDeps, progress } from '../src/collection/progress.ts'
import type { ScheduledJob } from './schedule.ts'

/** Once a minute of market time: one line tells a terminal, or a log, that all is well. */
export const reportProgress = (deps: ProgressDeps): ScheduledJob => ({
  name: 'report-progress',
  pattern: '0 * * * * *',
  run: () => progress(deps),
})
