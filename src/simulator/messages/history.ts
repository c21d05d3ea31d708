import type { Message } from '../fields.ts'
import type { BarRow } from '../history/rows.ts'
import { EXCHANGE_ZONE } from '../wireTime.ts'

/** `rows` are the bars, joined already: `date open high low close volume wap count` each, NUL between all of them. */
export const historicalData = (
  requestId: number,
  start: string,
  end: string,
  count: number,
  rows: string,
): Message => [17, requestId, start, end, count, rows]

/** A bar that is kept up to date. Its fields stand in another order than in the answer before it. */
export const historicalDataUpdate = (
  id: number,
  [date, open, high, low, close, volume, wap, count]: BarRow,
): Message => [90, id, count, date, open, close, high, low, wap, volume]

/** The row's date is in epoch seconds. */
export const realTimeBar = (id: number, row: BarRow): Message => [50, 3, id, ...row]

export interface ScheduledSession {
  readonly start: string
  readonly end: string
  readonly date: string
}

export const historicalSchedule = (
  requestId: number,
  start: string,
  end: string,
  sessions: readonly ScheduledSession[],
): Message => [
  ...[106, requestId, start, end, EXCHANGE_ZONE, sessions.length],
  ...sessions.flatMap((session) => [session.start, session.end, session.date]),
]

export const headTimestamp = (requestId: number, time: string): Message => [88, requestId, time]
