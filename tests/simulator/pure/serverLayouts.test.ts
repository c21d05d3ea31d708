import { expect, test } from 'vitest'
import { fieldsOf } from '../../../src/simulator/faults/line.ts'
import { encode } from '../../../src/simulator/fields.ts'
import { expected, named, namesAt, VERSIONS } from '../layouts/layout.ts'
import { decoded } from '../layouts/library.ts'
import { SERVER_MESSAGES, type ServerMessage } from '../layouts/serverMessages.ts'

/**
 * Below 177 a completed order has a field more, as IB's own clients read it. @stoqey/ib leaves it out at every level,
 * and would be a field off; it never negotiates that level.
 */
const isMisread = (name: string, version: number) => name === 'completedOrder' && version < 177

const namesOf = ({ layout }: ServerMessage, version: number) =>
  ['id', ...namesAt(layout, version)].filter(Boolean)

const levelsOf = (name: string) => VERSIONS.filter((version) => !isMisread(name, version))

test.each(Object.entries(SERVER_MESSAGES))(
  '%s has each value in its place, at each level',
  (_name, message) => {
    for (const version of VERSIONS) {
      const names = namesOf(message, version)
      const fields = fieldsOf(encode(message.made(version)))
      expect([version, named(names, fields)]).toEqual([version, expected(names, message.values)])
    }
  },
)

test.each(Object.entries(SERVER_MESSAGES))(
  '%s is understood by @stoqey/ib, at each level',
  (name, message) => {
    for (const version of levelsOf(name))
      expect([version, decoded(version, message.made(version))]).toEqual([
        version,
        { events: message.events, complaints: [] },
      ])
  },
)

test.each([
  ['contractData', 10],
  ['execDetails', 11],
  ['completedOrder', 101],
  ['openOrder', 5],
])('each field of %s arrives under its own name, whatever it holds', (name, id) => {
  for (const version of levelsOf(name)) {
    const names = namesOf(SERVER_MESSAGES[name]!, version)
    const values = names.map((field, i) => FIXED[field] ?? String(1_001 + i))
    const { events, complaints } = decoded(version, [id, ...values.slice(1)])
    const seen = leaves(events[0]!)
    const sent = names.map((field, i) => [field, UNNAMED.has(field) ? undefined : values[i]])
    expect(complaints).toEqual([])
    expect(names.map((field) => [field, seen.get(field)])).toEqual(sent)
  }
})

/** Fields that decide what follows them, or that the library accepts few values of. */
const FIXED: Readonly<Record<string, string>> = {
  ...{ right: 'C', nSecIds: '0', nReasons: '0', deltaNeutralOrderType: 'None', nLegs: '0', nOrderLegs: '0' },
  ...{
    nSmartParams: '0',
    scalePriceIncrement: '',
    hedgeType: '',
    deltaNeutralContract: '0',
    algoStrategy: '',
  },
  ...{ nConditions: '0', orderType: 'LMT', hidden: '1' },
}

/** What the library does not tell under that name: counts, what it makes something else of, and what it leaves out. */
const UNNAMED: ReadonlySet<string> = new Set([
  ...['id', 'reqId', 'contractExchange', 'trailStopPrice1', 'scalePriceIncrement', 'sharesAllocation'],
  ...['nSecIds', 'nReasons', 'nLegs', 'nOrderLegs', 'nSmartParams', 'nConditions', 'deltaNeutralContract'],
])

/** Every value within an event by its key, as text; a flag that is on as whatever was sent for it. */
function leaves(event: readonly unknown[]): Map<string, unknown> {
  const found = new Map<string, unknown>()
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) walk(inner)
      else if (inner !== undefined)
        found.set(key, inner === true ? { asymmetricMatch: () => true } : String(inner))
    }
  }
  for (const value of event) walk(value)
  return found
}
