import { type EpochMs, epochMs, plus, SECOND_MS } from '../../market/time.ts'
import type { Message } from '../fields.ts'
import { epochSeconds, parseEndTime, zonedTime } from '../wireTime.ts'

/** An answer to a request for historical data, taken apart. */
export interface HistoryAnswer {
  readonly requestId: number
  readonly from: string
  readonly to: string
  readonly rows: readonly Row[]
}

/** `date open high low close volume wap count`. */
export type Row = readonly string[]

const FIELDS_OF_A_ROW = 8
const FIELDS_BEFORE_ROWS = 5
const HISTORICAL_DATA = '17'

/** Reads a message of historical data; null when it is another one. */
export function readHistory(fields: readonly string[]): HistoryAnswer | null {
  const [type, requestId, from, to] = fields
  if (type !== HISTORICAL_DATA || fields.length < FIELDS_BEFORE_ROWS) return null
  const rows: Row[] = []
  for (let i = FIELDS_BEFORE_ROWS; i + FIELDS_OF_A_ROW <= fields.length; i += FIELDS_OF_A_ROW)
    rows.push(fields.slice(i, i + FIELDS_OF_A_ROW))
  return { requestId: Number(requestId), from: from!, to: to!, rows }
}

/** The answer with other rows. */
export const withRows = ({ requestId, from, to }: HistoryAnswer, rows: readonly Row[]): Message => [
  ...[HISTORICAL_DATA, requestId, from, to, rows.length],
  ...rows.flat(),
]

/** When a row's bar begins, or null where its date has no time of day. */
export function timeOfRow([date = '']: Row): EpochMs | null {
  if (/^\d{9,}$/.test(date)) return epochMs(Number(date) * SECOND_MS)
  return parseEndTime(date)?.at ?? null
}

/** The row at another time, written as its own date is. */
export function movedRow(row: Row, byMs: number): Row {
  const time = timeOfRow(row)
  if (time === null) return row
  const write = row[0]!.includes(' ') ? zonedTime : epochSeconds
  return [write(plus(time, byMs)), ...row.slice(1)]
}
