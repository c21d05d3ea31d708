import { expect, test } from 'vitest'
import type { Intent } from '../../../src/ports/intents.ts'
import { protectionOf, type StopTerms } from '../../../src/trading/protection.ts'
import { holdingOf } from '../../../src/trading/trips.ts'
import { after, execution, intent } from '../samples.ts'

const RULES = { pct: 3, minTick: 0.01 }
const LONG = holdingOf([execution(1)])
const FLAT = holdingOf([])

const entry = intent({ state: 'filled', filled: 10 })
const stop = (fields: Partial<Intent> = {}) => intent({ purpose: 'stop', parent: entry.id, ...fields })
const another = (fields: Partial<Intent>) => stop({ id: 'OTHER'.padEnd(26, '0'), orderId: 9, ...fields })

const of = (holding: typeof LONG, intents: readonly Intent[], told: StopTerms | null = null) =>
  protectionOf(holding, intents, RULES, () => told)

test('a position with its stop lacks nothing', () => {
  expect(of(LONG, [entry, stop()])).toEqual({ kind: 'none' })
})

test('as long as the entry is under way the broker keeps its stop', () => {
  expect(of(LONG, [intent({ state: 'partial', filled: 4 }), stop({ stopPrice: 50 })])).toEqual({
    kind: 'none',
  })
})

test('a position without a stop gets one at the formula of the engine', () => {
  expect(of(LONG, [entry])).toEqual({ kind: 'arm', terms: { quantity: 10, stopPrice: 97 } })
  expect(of(LONG, [entry, stop({ state: 'cancelled', endedAt: after(9) })])).toMatchObject({ kind: 'arm' })
})

test('a stop that the broker is taking back gets one beside it at once, not after an exit', () => {
  const going = stop({ state: 'cancelling' })
  expect(of(LONG, [entry, going])).toMatchObject({ kind: 'arm' })
  expect(of(LONG, [entry, going, another({ state: 'sending' })])).toMatchObject({ kind: 'spare' })
  expect(of(LONG, [entry, going, intent({ purpose: 'exit', state: 'working' })])).toEqual({ kind: 'none' })
})

test('a stop that was never sent or never arrived is no loss', () => {
  const gone = [stop({ state: 'expired' }), another({ state: 'expired' })]
  expect(of(LONG, [entry, ...gone])).toMatchObject({ kind: 'arm' })
})

test('a stop that is lost again is for somebody else to solve (O17)', () => {
  expect(of(LONG, [entry, stop({ state: 'cancelled' }), another({ state: 'rejected' })])).toEqual({
    kind: 'lost',
  })
})

test('a stop of another size or price is changed', () => {
  expect(of(LONG, [entry, stop({ quantity: 4 })])).toMatchObject({
    kind: 'amend',
    terms: { quantity: 10, stopPrice: 97 },
  })
  expect(of(LONG, [entry, stop({ stopPrice: 96.5 })])).toMatchObject({ kind: 'amend' })
})

test('a change that has not arrived at the broker is said again', () => {
  expect(of(LONG, [entry, stop()], { quantity: 10, stopPrice: 96.5 })).toMatchObject({ kind: 'amend' })
})

test('an exit at work does without: it takes the stop back itself', () => {
  const exit = intent({ purpose: 'exit', state: 'working' })
  expect(of(LONG, [entry, exit])).toEqual({ kind: 'none' })
  expect(of(LONG, [entry, stop({ quantity: 4 }), exit])).toEqual({ kind: 'none' })
})

test.each(['reserved', 'unresolved'] as const)('an exit that is %s is not relied on', (state) => {
  expect(of(LONG, [entry, intent({ purpose: 'exit', state })])).toMatchObject({ kind: 'arm' })
})

test('a stop without a position is spare, and so is a second one', () => {
  expect(of(FLAT, [stop()])).toMatchObject({ kind: 'spare', stops: [{ purpose: 'stop' }] })
  const second = another({})
  expect(of(LONG, [entry, stop(), second])).toMatchObject({ kind: 'spare', stops: [{ orderId: 2 }] })
})

test('nothing is armed for a position that is short', () => {
  expect(of(holdingOf([execution(1, { side: 'sell' })]), [])).toEqual({ kind: 'none' })
})
