import type { EpochMs, Random } from '../market/time.ts'
import type { Message } from './fields.ts'
import { error, historicalData } from './messages.ts'

/** An answer to a request for historical data, taken apart. */
export interface HistoryAnswer {
  readonly requestId: number
  readonly from: string
  readonly to: string
  /** `date open high low close volume wap count` each. */
  readonly rows: readonly Row[]
}

export type Row = readonly string[]

interface FaultContext {
  /** Market time. */
  readonly now: EpochMs
  readonly random: Random
}

/** The messages that are sent instead of an answer, in their order. */
export type HistoryFault = (answer: HistoryAnswer, context: FaultContext) => readonly Message[]

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

const withRows = ({ requestId, from, to }: HistoryAnswer, rows: readonly Row[]): Message =>
  historicalData(requestId, from, to, rows.length, rows.map((row) => row.join('\0')).join('\0'))

const refusedWith =
  (text: string): HistoryFault =>
  ({ requestId }) => [error(requestId, 162, `Historical Market Data Service error message:${text}`)]

/** How old a second must be to be final while `late` goes on. */
const FINAL_AFTER_S = 12
/** A request id that nobody has given. */
const FOREIGN_ID = 2_000_000_000

/** What can be wrong with an answer. None takes the truth out of reach: it is in the next answer for the same time. */
export const HISTORY_FAULTS = {
  unanswered: () => [],
  noData: refusedWith('HMDS query returned no data'),
  pacing: refusedWith('Historical data request pacing violation'),
  cancelled: refusedWith('API historical data query cancelled'),
  disconnected: refusedWith('HMDS server disconnect occurred. Attempting reconnection...'),
  permission: refusedWith('Trading TWS session is connected from a different IP address'),
  foreignId: (answer) => [withRows({ ...answer, requestId: FOREIGN_ID }, answer.rows)],
  duplicates: (answer) => [withRows(answer, [...answer.rows, ...answer.rows.slice(-20)])],
  shuffled: (answer, { random }) => [withRows(answer, shuffled(answer.rows, random))],
  impossible: (answer, { random }) => [withRows(answer, withImpossible(answer.rows, random))],
  forming: (answer, { now }) => [withRows(answer, [...answer.rows, ...formingRow(answer.rows, now)])],
  late: (answer, { now, random }) => [withRows(answer, provisional(answer.rows, now, random))],
} as const satisfies Record<string, HistoryFault>

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const mixed = [...items]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!]
  }
  return mixed
}

const IMPOSSIBLE: readonly ((row: Row) => Row)[] = [
  ([date, ...rest]) => [date!, 'NaN', ...rest.slice(1)],
  ([date, ...rest]) => [date!, '-1', '-1', '-1', '-1', ...rest.slice(4)],
  ([date, open, high, low, ...rest]) => [date!, open!, low!, String(Number(high) + 1), ...rest],
  ([date, open, high, low, close]) => [date!, open!, high!, low!, close!, '-1', '-1', '-1'],
]

/** Rows that cannot be bars, before the true ones of their seconds. */
const withImpossible = (rows: readonly Row[], random: Random): Row[] =>
  rows.flatMap((row) => {
    if (random() > 0.1) return [row]
    return [IMPOSSIBLE[Math.floor(random() * IMPOSSIBLE.length)]!(row), row]
  })

/** The second that has only begun, beyond the end that was asked for. */
function formingRow(rows: readonly Row[], now: EpochMs): Row[] {
  const last = rows.at(-1)
  return last === undefined
    ? []
    : [[String(Math.floor(now / 1_000)), ...last.slice(1, 5), '1', last[4]!, '1']]
}

/** The newest seconds are missing, or hold only a part of what was traded. */
const provisional = (rows: readonly Row[], now: EpochMs, random: Random): Row[] =>
  rows.flatMap((row) => {
    const ageS = now / 1_000 - Number(row[0]) - 1
    if (ageS >= FINAL_AFTER_S) return [row]
    return random() < 0.5 ? [] : [[...row.slice(0, 4), row[1]!, '1', row[1]!, '1']]
  })

/** A message as its fields, from its frame. */
export const fieldsOf = (frame: Buffer): string[] => frame.toString('utf8', 4).split('\0')
