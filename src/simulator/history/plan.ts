import type { SessionKind } from '../../market/session.ts'
import { type EpochMs, earlier, later, SECOND_MS, type TimeRange } from '../../market/time.ts'
import type { Switches } from '../switches.ts'
import { type EndTime, parseEndTime } from '../wireTime.ts'
import {
  type Duration,
  nominalMs,
  parseDuration,
  sixMonthsBefore,
  startOf,
  startOfTrading,
} from './duration.ts'
import type { HistoryRequest } from './request.ts'
import { isShown, type Shown, VOLATILITIES } from './shown.ts'
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
  readonly shown: Shown
  /** The end was given without a zone: TWS answers, and warns (2174). */
  readonly zoneMissing: boolean
}

export interface PlanRules {
  readonly now: EpochMs
  /** IB keeps bars of 30 seconds and less for six months. */
  readonly smallBarsExpire: boolean
  readonly regularHoursReach: Switches['regularHoursReach']
}

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
  const shown = shownBy(request, step)
  if (typeof shown !== 'string') return shown
  return refusalOf(request, shown, step, duration) ?? reach(request, { shown, step, duration, end, rules })
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

export const BAD_END_TIME: Refusal = {
  kind: 'refusal',
  code: 10314,
  text:
    'End Date/Time: The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx ' +
    'where yyyymmdd and xx/xxxx are optional. E.g.: 20031126 15:59:00 US/Eastern. You can also provide ' +
    'yyyymmddd-hh:mm:ss time is in UTC. Note that there is a dash between the date and time in UTC notation.',
}

/** Sent before the answer. */
export const ZONE_MISSING = {
  code: 2174,
  text:
    'Warning: You submitted request with date-time attributes without explicit time zone. Please switch to use ' +
    'yyyymmdd-hh:mm:ss in UTC or use instrument time zone, like US/Eastern. Implied time zone functionality will be ' +
    'removed in the next API release',
}

function shownBy({ contract, whatToShow }: HistoryRequest, step: Step): Shown | Refusal {
  const volatility = VOLATILITIES.get(whatToShow)
  if (volatility !== undefined) {
    const name = `${contract.symbol}/${contract.secType}@IBVOL`
    return hmdsError(`No historical market data for ${name} ${volatility} ${step.ms / SECOND_MS}`)
  }
  if (isShown(whatToShow)) return whatToShow
  return invalidRequest(`What to show field is missing or incorrect: ${whatToShow}`)
}

/** IB: keepUpToDate works with bars of five seconds and more. */
const SHORTEST_KEPT_MS = 5 * SECOND_MS
/** What TWS keeps up to date. */
const KEPT: readonly Shown[] = ['TRADES', 'MIDPOINT', 'BID', 'ASK']

function refusalOf(request: HistoryRequest, shown: Shown, step: Step, duration: Duration): Refusal | null {
  const { formatDate, keepUpToDate, endTime } = request
  if (formatDate !== 1 && formatDate !== 2) return invalidRequest(`Invalid format of the date: ${formatDate}`)
  if (shown === 'ADJUSTED_LAST' && endTime !== '')
    return invalidRequest('End date not supported with adjusted last')
  if (keepUpToDate && endTime !== '') return invalidRequest('End Date/Time may not be set with keepUpToDate')
  if (keepUpToDate && (!KEPT.includes(shown) || step.ms < SHORTEST_KEPT_MS))
    return invalidRequest(`${shown} of ${step.name} cannot be kept up to date`)
  if (shown === 'SCHEDULE')
    return step.unit === 'day' ? null : invalidRequest('Schedule requests need a bar size of 1 day')
  return isLegalStep(step, nominalMs(duration))
    ? null
    : hmdsError(`invalid step: ${step.name} over ${request.duration}`)
}

interface Asked {
  readonly shown: Shown
  readonly step: Step
  readonly duration: Duration
  readonly end: EndTime
  readonly rules: PlanRules
}

function reach(request: HistoryRequest, { shown, step, duration, end, rules }: Asked): HistoryPlan {
  const session = request.regularHours ? 'rth' : 'all'
  const to = earlier(end.at, rules.now)
  const asked =
    rules.regularHoursReach === 'trading'
      ? startOfTrading(duration, to, session)
      : startOf(duration, to, session)
  const from = rules.smallBarsExpire && isSmall(step) ? later(asked, sixMonthsBefore(rules.now)) : asked
  return { kind: 'plan', shown, step, session, from, to, zoneMissing: end.zoneMissing }
}
