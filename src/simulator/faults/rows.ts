import { type EpochMs, HOUR_MS, type Random, SECOND_MS } from '../../market/time.ts'
import { movedRow, type Row, timeOfRow } from './historyAnswer.ts'

export interface RowContext {
  /** Market time. */
  readonly now: EpochMs
  readonly random: Random
}

/** Something wrong with the bars of an answer. None takes the truth away for good: the next answer has it. */
export type RowFault = (rows: readonly Row[], context: RowContext) => readonly Row[]

/** How old a second must be to be final while `late` goes on. */
const FINAL_AFTER_MS = 12 * SECOND_MS
/** Regular hours moved by so much are no regular hours. */
const OUT_OF_HOURS_MS = -9 * HOUR_MS
/** IB counted shares in round lots of so many, once. */
const LOT = 100
const VOLUME = 5

export const empty: RowFault = () => []

export const duplicated: RowFault = (rows) => [...rows, ...rows.slice(-20)]

export const inDisorder: RowFault = (rows, { random }) => shuffled(rows, random)

/** Rows that cannot be bars, before the true ones of their seconds. */
export const impossible: RowFault = (rows, { random }) =>
  rows.flatMap((row) => {
    if (random() > 0.1) return [row]
    return [IMPOSSIBLE[Math.floor(random() * IMPOSSIBLE.length)]!(row), row]
  })

const IMPOSSIBLE: readonly ((row: Row) => Row)[] = [
  ([date, ...rest]) => [date!, 'NaN', ...rest.slice(1)],
  ([date, ...rest]) => [date!, '-1', '-1', '-1', '-1', ...rest.slice(4)],
  ([date, open, high, low, ...rest]) => [date!, open!, low!, String(Number(high) + 1), ...rest],
  ([date, open, high, low, close]) => [date!, open!, high!, low!, close!, '-1', '-1', '-1'],
]

/** The second that has only begun, beyond the end that was asked for. */
export const forming: RowFault = (rows, { now }) => {
  const last = rows.at(-1)
  const time = last && timeOfRow(last)
  if (!last || !time) return rows
  return [...rows, [...movedRow(last, now - (now % SECOND_MS) - time).slice(0, 5), '1', last[4]!, '1']]
}

/** The newest seconds are missing, or hold only a part of what was traded. */
export const late: RowFault = (rows, { now, random }) =>
  rows.flatMap((row) => {
    const time = timeOfRow(row)
    if (time === null || now - time - SECOND_MS >= FINAL_AFTER_MS) return [row]
    return random() < 0.5 ? [] : [partOf(row)]
  })

/** The newest bar is not what a later answer will say it was. */
export const provisional: RowFault = (rows) =>
  rows.map((row, i) => (i === rows.length - 1 ? partOf(row) : row))

/** As if the first trade had been the only one. */
const partOf = ([date, open]: Row): Row => [date!, open!, open!, open!, open!, '1', open!, '1']

export const outOfHours: RowFault = (rows) => [
  ...rows.slice(-5).map((row) => movedRow(row, OUT_OF_HOURS_MS)),
  ...rows,
]

export const inLots: RowFault = (rows) =>
  rows.map((row) => row.map((field, i) => (i === VOLUME ? String(Math.floor(Number(field) / LOT)) : field)))

/** The rows in an order that chance decides. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const mixed = [...items]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!]
  }
  return mixed
}
