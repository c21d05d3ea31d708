import type { SessionKind } from '../../market/session.ts'
import { type EpochMs, earlier, later, type TimeRange } from '../../market/time.ts'
import { type EndTime, parseEndTime } from '../wireTime.ts'
import { type Duration, nominalMs, parseDuration, sixMonthsBefore, startOf } from './duration.ts'
import type { HistoryRequest } from './request.ts'
import { isLegalStep, isSmall, LEGAL_STEPS, type Step, stepNamed } from './step.ts'

/** Why TWS would not answer: the code and the text of its error message. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly code: number
  readonly text: string
}

/** What a legal request asks for. */
export interface HistoryPlan extends TimeRange {
  readonly kind: 'plan'
  readonly step: Step
  readonly session: SessionKind
  /** The end was given without a zone: TWS answers, and warns (2174). */
  readonly zoneMissing: boolean
}

export interface PlanRules {
  readonly now: EpochMs
  /** IB keeps bars of 30 seconds and less for six months. */
  readonly smallBarsExpire: boolean
}

const SHOWN: ReadonlySet<string> = new Set([
  'TRADES',
  'ADJUSTED_LAST',
  'MIDPOINT',
  'BID',
  'ASK',
  'BID_ASK',
  'SCHEDULE',
])

/** Checks a request as TWS does and says what it asks for: bars that start in [from, to). */
export function planHistory(request: HistoryRequest, rules: PlanRules): HistoryPlan | Refusal {
  const step = stepNamed(request.step)
  if (!step)
    return invalidRequest(`Historical data bar size setting is invalid. Legal ones are: ${LEGAL_STEPS}`)
  const duration = parseDuration(request.duration)
  if (!duration)
    return invalidRequest(`Invalid duration: ${request.duration}. Legal ones are: 1800 S, 2 D, 1 W, 6 M, 1 Y`)
  const end = request.endTime === '' ? { at: rules.now, zoneMissing: false } : parseEndTime(request.endTime)
  if (!end) return BAD_END_TIME
  return refusalOf(request, step, duration) ?? reach(request, { step, duration, end, rules })
}

/** The refusal `162` with IB's prefix. */
export const hmdsError = (text: string): Refusal => ({
  kind: 'refusal',
  code: 162,
  text: `Historical Market Data Service error message:${text}`,
})

const invalidRequest = (cause: string): Refusal => ({
  kind: 'refusal',
  code: 321,
  text: `Error validating request.-'bO' : cause - ${cause}`,
})

const BAD_END_TIME: Refusal = {
  kind: 'refusal',
  code: 10314,
  text:
    'End Date/Time: The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx ' +
    'where yyyymmdd and xx/xxxx are optional. E.g.: 20031126 15:59:00 US/Eastern. You can also provide ' +
    'yyyymmddd-hh:mm:ss time is in UTC. Note that there is a dash between the date and time in UTC notation.',
}

function refusalOf(request: HistoryRequest, step: Step, duration: Duration): Refusal | null {
  const { whatToShow, formatDate, keepUpToDate, endTime } = request
  if (!SHOWN.has(whatToShow))
    return invalidRequest(`What to show field is missing or incorrect: ${whatToShow}`)
  if (formatDate !== 1 && formatDate !== 2) return invalidRequest(`Invalid format of the date: ${formatDate}`)
  if (keepUpToDate && endTime !== '') return invalidRequest('End Date/Time may not be set with keepUpToDate')
  if (keepUpToDate) return invalidRequest('keepUpToDate comes with a later version of this simulator')
  if (whatToShow === 'SCHEDULE')
    return step.unit === 'day' ? null : invalidRequest('Schedule requests need a bar size of 1 day')
  return isLegalStep(step, nominalMs(duration))
    ? null
    : hmdsError(`invalid step: ${step.name} over ${request.duration}`)
}

interface Asked {
  readonly step: Step
  readonly duration: Duration
  readonly end: EndTime
  readonly rules: PlanRules
}

function reach(request: HistoryRequest, { step, duration, end, rules }: Asked): HistoryPlan {
  const session = request.regularHours ? 'rth' : 'all'
  const to = earlier(end.at, rules.now)
  const asked = startOf(duration, to, session)
  const from = rules.smallBarsExpire && isSmall(step) ? later(asked, sixMonthsBefore(rules.now)) : asked
  return { kind: 'plan', step, session, from, to, zoneMissing: end.zoneMissing }
}
