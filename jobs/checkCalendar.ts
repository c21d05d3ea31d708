import { type CheckCalendarDeps, checkCalendar } from '../src/collection/checkCalendar.ts'
import type { ScheduledJob } from './schedule.ts'

/** Before the open: a session that the exchange has changed at short notice must not be found out by its absence. */
export const checkCalendarJob = (deps: CheckCalendarDeps): ScheduledJob => ({
  name: 'check-calendar',
  pattern: '0 0 8 * * 1-5',
  run: () => checkCalendar(deps),
})
