import { sessionsBetween } from '../../market/session.ts'
import type { ScheduledSession } from '../messages/history.ts'
import { exchangeDay, exchangeTime } from '../wireTime.ts'
import type { HistoryPlan } from './plan.ts'

/** The sessions that a request for the schedule reaches, oldest first. */
export const scheduledSessions = (plan: HistoryPlan): ScheduledSession[] =>
  sessionsBetween(plan, plan.session).map(({ from, to }) => ({
    start: exchangeTime(from),
    end: exchangeTime(to),
    date: exchangeDay(from),
  }))
