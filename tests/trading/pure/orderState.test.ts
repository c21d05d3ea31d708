import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BookedExecution } from '../../../src/ports/executions.ts'
import type { Intent, IntentState } from '../../../src/ports/intents.ts'
import { Bookings } from '../../../src/trading/bookings.ts'
import { ABSENT, advance, isEnd, type OrderFact } from '../../../src/trading/orderState.ts'
import { after, execution, intent } from '../samples.ts'

const told = (
  status: Extract<OrderFact, { kind: 'told' }>['status'],
  permId: number | null = 7,
): OrderFact => ({
  kind: 'told',
  status,
  permId,
  reason: null,
})
const said = (effect: Extract<OrderFact, { kind: 'message' }>['effect']): OrderFact => ({
  kind: 'message',
  effect,
  code: 201,
  text: 'so it is',
})
const filled = (filled: number, most = filled): OrderFact => ({
  kind: 'executed',
  filled,
  most,
  averagePrice: 100,
})
const lost: OrderFact = { kind: 'lost', detail: 'the link was lost' }
const cancelling: OrderFact = { kind: 'cancelling' }

const stateAfter = (state: IntentState, fact: OrderFact, purpose: Intent['purpose'] = 'entry'): IntentState =>
  advance(intent({ state, purpose }), fact, after(1)).state ?? state

describe('the table of the protocol (reliability, 5.4)', () => {
  test.each<[IntentState, string, OrderFact, IntentState]>([
    ['sending', 'it was taken', told('pending'), 'working'],
    ['sending', 'it works', told('working'), 'working'],
    ['sending', 'a part of it was filled', filled(4), 'partial'],
    ['sending', 'it was filled before anything else was said', filled(10), 'filled'],
    ['sending', 'the link was lost', lost, 'unresolved'],
    ['sending', 'its id is taken', said('duplicate'), 'unresolved'],
    ['sending', 'it is rejected', said('rejected'), 'rejected'],
    ['working', 'a part of it was filled', filled(4), 'partial'],
    ['working', 'it is rejected', said('rejected'), 'rejected'],
    ['working', 'it is held', said('held'), 'held'],
    ['working', 'it stands still', told('held'), 'held'],
    ['working', 'we want it cancelled', cancelling, 'cancelling'],
    ['working', 'something is said that is no end', said('unknown'), 'working'],
    ['working', 'a notice', said('note'), 'working'],
    ['working', 'a status of filled is no execution', told('filled'), 'working'],
    ['partial', 'the rest was filled', filled(10), 'filled'],
    ['partial', 'the rest was cancelled', told('cancelled'), 'cancelled'],
    ['held', 'it was filled all the same', filled(10), 'filled'],
    ['cancelling', 'the cancellation is confirmed', told('cancelled'), 'cancelled'],
    ['cancelling', 'it is confirmed by a message', said('cancelled'), 'cancelled'],
    ['cancelling', 'the fill came first', filled(10), 'filled'],
    ['cancelling', 'a part was filled meanwhile', filled(4), 'cancelling'],
    ['unresolved', 'it is found', told('working'), 'working'],
    ['unresolved', 'it is found cancelled', told('cancelled'), 'cancelled'],
    ['unresolved', 'it is found filled', filled(10), 'filled'],
    ['expired', 'it lives after all', told('working'), 'working'],
    ['cancelled', 'a fill comes late', filled(4), 'cancelled'],
    ['cancelled', 'the whole fill comes late', filled(10), 'filled'],
    ['rejected', 'it was filled', filled(10), 'filled'],
    ['filled', 'a correction takes shares away', filled(6, 10), 'filled'],
    ['working', 'a correction takes away all that a part had filled', filled(0, 4), 'partial'],
    ['working', 'a correction takes away the whole fill', filled(0, 10), 'filled'],
    ['filled', 'an old status', told('working'), 'filled'],
    ['cancelled', 'an old status', told('working'), 'cancelled'],
  ])('%s: %s', (before, _, fact, expected) => {
    expect(stateAfter(before, fact)).toBe(expected)
  })

  test('a stop that waits for the market is not held: it works', () => {
    expect(stateAfter('sending', told('held'), 'stop')).toBe('working')
    expect(stateAfter('sending', said('held'), 'stop')).toBe('working')
  })
})

test('the permanent id is kept, and the first end is when it ended', () => {
  const working = {
    ...intent({ state: 'sending' }),
    ...advance(intent({ state: 'sending' }), told('working', 42), after(1)),
  }
  const ended = { ...working, ...advance(working, told('cancelled', null), after(2)) }
  expect(ended).toMatchObject({ state: 'cancelled', permId: 42, endedAt: after(2) })
  expect(advance(ended, said('cancelled'), after(3))).toEqual({})
})

test.each<[string, OrderFact, IntentState]>([
  ['a part of it was filled', filled(4), 'partial'],
  ['it was filled', filled(10), 'filled'],
  ['it works', told('working'), 'working'],
  ['the broker says that it was cancelled', told('cancelled'), 'cancelled'],
  ['the link was lost', lost, 'cancelled'],
  ['we want it cancelled', cancelling, 'cancelled'],
])('what was given up for its absence lives again at a sign of life alone: %s', (_, fact, expected) => {
  const givenUp = intent({ state: 'cancelled', code: ABSENT, endedAt: after(1) })
  const now = { ...givenUp, ...advance(givenUp, fact, after(2)) }
  expect(now).toMatchObject({ state: expected, endedAt: isEnd(expected) ? after(1) : null })
})

test('what says nothing new changes nothing', () => {
  expect(advance(intent({ permId: 7 }), told('working'), after(1))).toEqual({})
})

/** What the broker may say of one order, and what it executes of it: corrections among them. */
const reports = fc
  .record({
    statuses: fc.subarray(
      [told('pending'), told('working'), told('held'), told('cancelling'), told('cancelled'), told('filled')],
      { minLength: 0 },
    ),
    messages: fc.subarray([
      said('note'),
      said('unknown'),
      said('held'),
      said('cancelled'),
      said('rejected'),
      cancelling,
    ]),
    fills: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
    corrections: fc.array(fc.record({ of: fc.nat(3), quantity: fc.nat(4) }), { maxLength: 2 }),
  })
  .map(({ statuses, messages, fills, corrections }) => {
    const executions = fills.map((quantity, i) => execution(i + 1, { quantity }))
    const corrected = corrections.flatMap(({ of, quantity }, i) => {
      const before = executions[of]
      return before ? [{ ...before, revision: i + 2, quantity, ordinal: 10 + i }] : []
    })
    return [
      ...[...statuses, ...messages].map((fact) => ({ fact })),
      ...[...executions, ...corrected].map((booked) => ({ booked })),
    ]
  })

type Report = { readonly fact: OrderFact } | { readonly booked: BookedExecution }

function played(order: readonly Report[]) {
  let now = intent({ state: 'sending' })
  let bookings = Bookings.of([])
  const seen = new Set<string>()
  for (const [i, report] of order.entries()) {
    if ('booked' in report) {
      const key = `${report.booked.root}.${report.booked.revision}`
      if (!seen.has(key)) bookings = bookings.and(report.booked)
      seen.add(key)
    }
    const fact =
      'fact' in report ? report.fact : ({ kind: 'executed', ...bookings.fillingOf(now.id) } as const)
    now = { ...now, ...advance(now, fact, after(i)) }
    expect(now.filled).toBe(bookings.fillingOf(now.id).filled)
  }
  const { state, filled, permId } = now
  return { state, filled, permId, isEnded: isEnd(state), averagePrice: now.averagePrice }
}

test('reports in any order, and again, come to the same end (O3)', () => {
  fc.assert(
    fc.property(
      reports.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length, maxLength: 2 * all.length }),
        ),
      ),
      ([once, again]) => {
        expect(played(again)).toEqual(played(once))
      },
    ),
    { numRuns: 100 },
  )
})

test('the state never falls but for a new sending', () => {
  const height = [
    'sending',
    'unresolved',
    'working',
    'partial',
    'held',
    'cancelling',
    'cancelled',
    'rejected',
    'filled',
  ]
  fc.assert(
    fc.property(reports, (all) => {
      let now = intent({ state: 'sending' })
      for (const report of all) {
        if ('booked' in report) continue
        const next = { ...now, ...advance(now, report.fact, after(1)) }
        expect(height.indexOf(next.state)).toBeGreaterThanOrEqual(height.indexOf(now.state))
        now = next
      }
    }),
  )
})
