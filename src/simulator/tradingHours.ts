import { calendarDate } from '../market/calendarDate.ts'
import { type SessionKind, sessionOn } from '../market/session.ts'
import type { EpochMs } from '../market/time.ts'
import { newYorkDay } from '../market/zone.ts'
import type { TradingHours } from './messages/contract.ts'
import { hoursTime } from './wireTime.ts'

const DAYS_AHEAD = 6

/** The hours of today and the days to come as a contract's description lists them. */
export const tradingHours = (now: EpochMs): TradingHours => ({
  trading: hoursOf(now, 'all'),
  liquid: hoursOf(now, 'rth'),
})

function hoursOf(now: EpochMs, kind: SessionKind): string {
  const today = newYorkDay(now)
  return Array.from({ length: DAYS_AHEAD }, (_, i) => dayHours(calendarDate(today + i).date, kind)).join(';')
}

function dayHours(date: string, kind: SessionKind): string {
  const session = sessionOn(date, kind)
  return session
    ? `${hoursTime(session.from)}-${hoursTime(session.to)}`
    : `${date.replaceAll('-', '')}:CLOSED`
}
