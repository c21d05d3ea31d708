import { encode } from '../fields.ts'
import { UNSET_DOUBLE } from '../messages/unset.ts'
import { drawn, entry, type FaultEntry, range } from './entry.ts'
import { atOnce, type Fault } from './fault.ts'

/** Changes what is told. */
const told = (does: string, of: readonly string[], say: NonNullable<Fault['say']>): FaultEntry =>
  entry(does, {}, () => ({ kind: 'strike', of, say }))

const nothing = (): [] => []
const twice: NonNullable<Fault['say']> = (_message, bytes) => [atOnce(bytes), atOnce(bytes)]

/** What clients are told of orders, late, twice or never. */
export const ORDER_TELLINGS = {
  statusMissing: told('the state of an order is not told', ['orderStatus'], nothing),
  statusRepeated: told('the state of an order is told twice', ['orderStatus'], twice),
  fillBeforeStatus: entry('what is said of an order comes after its first fill', {}, fillFirst),
  executionRepeated: told('an execution is told twice', ['execDetails'], twice),
  executionsMissing: told(
    'executions that are asked for are left out',
    ['execDetails'],
    ({ fields }, bytes) => (fields[1] === '-1' ? [atOnce(bytes)] : []),
  ),
  commissionLate: entry(
    'the commission of an execution comes late',
    { milliseconds: range(1_000) },
    ({ milliseconds }) => ({
      kind: 'strike',
      of: ['commissionReport'],
      say: (_message, bytes, { random }) => [{ bytes, delayMs: drawn(milliseconds, random) }],
    }),
  ),
  commissionMissing: told('the commission of an execution is not told', ['commissionReport'], nothing),
  commissionUnset: told(
    'the commission of an execution is not set (1.79e308)',
    ['commissionReport'],
    ({ fields }) => [atOnce(encode(fields.map((field, i) => (i === COMMISSION ? UNSET_DOUBLE : field))))],
  ),
  completedMissing: told('completed orders are left out', ['completedOrder'], nothing),
  positionInParts: told(
    'a position is told in two parts: half of it, and then all',
    ['position'],
    ({ fields }, bytes) => [
      atOnce(
        encode(fields.map((field, i) => (i === POSITION ? String(Math.trunc(Number(field) / 2)) : field))),
      ),
      atOnce(bytes),
    ],
  ),
} as const satisfies Record<string, FaultEntry>

/** Places of fields. */
const COMMISSION = 3
const POSITION = 14
const ORDER_ID = { openOrder: 1, orderStatus: 1, execDetails: 2 } as const

/** Holds back what is said of an order until its first fill has been told. */
function fillFirst(): Fault {
  const held = new Map<string, Buffer[]>()
  const filled = new Set<string>()
  return {
    kind: 'strike',
    of: Object.keys(ORDER_ID),
    say({ about, fields, line }, bytes) {
      const name = about.name as keyof typeof ORDER_ID
      const key = `${line.client.id} ${fields[ORDER_ID[name]]}`
      if (filled.has(key)) return [atOnce(bytes)]
      const before = held.get(key) ?? []
      if (name !== 'execDetails') {
        held.set(key, [...before, bytes])
        return []
      }
      filled.add(key)
      return [bytes, ...before].map(atOnce)
    },
  }
}
