import type { ScheduledJob } from './schedule.ts'

/** Looked for every quarter of an hour, so that a process which was down at the close tells it when it is back. */
export const summarizeDay = (tell: () => Promise<string>): ScheduledJob => ({
  name: 'summarize-day',
  pattern: '30 */15 * * * *',
  run: tell,
})
