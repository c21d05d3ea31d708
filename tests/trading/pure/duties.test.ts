import { expect, test } from 'vitest'
import type { Verdict } from '../../../src/trading/absence.ts'
import { type Duty, dutiesOf, keyOf, type Situation } from '../../../src/trading/duties.ts'
import { after, intent, trader } from '../samples.ts'

const stop = intent({ purpose: 'stop', parent: intent().id })
const exit = intent({ purpose: 'exit' })

const situation = (fields: Partial<Situation> = {}): Situation => ({
  ...{ now: after(1), trader: trader(), latch: null, open: [], position: 0 },
  session: { number: 1, nextOrderId: 1 },
  isDoubtful: false,
  isOpen: () => true,
  protection: { kind: 'none' },
  verdict: () => null,
  isUnanswered: () => false,
  halves: [],
  failedExits: () => 0,
  ...fields,
})

const told = (duty: Duty): string =>
  'intent' in duty
    ? `${duty.do} ${duty.intent.purpose}`
    : 'intents' in duty
      ? `${duty.do} ${duty.intents.map(({ purpose }) => purpose).join(' ')}`
      : duty.do

const dutiesIn = (fields: Partial<Situation>): string[] => dutiesOf(situation(fields)).map(told)

const absent = (verdict: Verdict) => () => verdict

test('an order at work that is as it should be asks for nothing', () => {
  expect(dutiesIn({ open: [intent(), stop] })).toEqual([])
})

test.each<[string, Partial<Situation>]>([
  ['the trader no longer opens', { trader: trader({ level: 'reducing' }) }],
  ['the trader is halted', { trader: trader({ level: 'halted' }) }],
  ['the latch is closed', { latch: 'a signal' }],
  ['it is under way for too long', { now: after(31) }],
  ['it waits at TWS without its stop', { halves: [intent().id] }],
])('an entry is cancelled when %s', (_, fields) => {
  expect(dutiesIn({ open: [intent(), stop], ...fields })).toEqual(['cancel entry'])
})

test('an entry that the broker holds, or whose stop is gone, is cancelled', () => {
  expect(dutiesIn({ open: [intent({ state: 'held' }), stop] })).toEqual(['cancel entry'])
  expect(dutiesIn({ open: [intent({ state: 'partial', filled: 4 })], position: 4 })).toEqual(['cancel entry'])
})

test('an entry that was not sent at once never is', () => {
  expect(dutiesIn({ open: [intent({ state: 'reserved' }), { ...stop, state: 'reserved' }] })).toEqual([
    'expire entry stop',
  ])
})

test.each<[Verdict, string[]]>([
  ['resend', ['send entry stop']],
  ['expire', ['expire entry stop']],
  ['gone', ['bury entry', 'bury stop']],
  ['wait', []],
])('an entry that is absent: %s', (verdict, expected) => {
  const open = [intent({ state: 'unresolved' }), { ...stop, state: 'unresolved' as const }]
  expect(dutiesIn({ open, verdict: absent(verdict) })).toEqual(expected)
})

test('an entry is not sent again by a trader that may not open', () => {
  const open = [intent({ state: 'unresolved' }), { ...stop, state: 'unresolved' as const }]
  expect(dutiesIn({ open, verdict: absent('resend'), trader: trader({ level: 'halted' }) })).toEqual([
    'cancel entry',
  ])
})

test('what is not answered is doubted, and the link made anew', () => {
  expect(
    dutiesIn({
      open: [intent({ state: 'sending' }), stop],
      isUnanswered: ({ purpose }) => purpose === 'entry',
    }),
  ).toEqual(['doubt entry', 'recycle'])
})

test('an exit waits for a session, and is sent at any level that sells', () => {
  const open = [{ ...exit, state: 'reserved' as const }]
  expect(dutiesIn({ open, position: 10, session: null })).toEqual([])
  expect(dutiesIn({ open, position: 10, isDoubtful: true })).toEqual([])
  expect(dutiesIn({ open, position: 10 })).toEqual(['send exit'])
  expect(dutiesIn({ open, position: 10, trader: trader({ level: 'reducing' }) })).toEqual(['send exit'])
  expect(dutiesIn({ open, position: 10, trader: trader({ level: 'halted' }) })).toEqual(['expire exit'])
  expect(dutiesIn({ open, position: 10, trader: trader({ level: 'halted', isFlattening: true }) })).toEqual([
    'send exit',
  ])
})

test('an exit whose size or number no longer fits is made anew, one with nothing to sell ends', () => {
  const open = [{ ...exit, state: 'reserved' as const }]
  expect(dutiesIn({ open, position: 4 })).toEqual(['renew exit'])
  expect(dutiesIn({ open, position: 10, session: { number: 1, nextOrderId: 100 } })).toEqual(['renew exit'])
  expect(dutiesIn({ open, position: 0 })).toEqual(['expire exit'])
})

test('an exit that is absent is sent again under its number as long as it sells what is held', () => {
  const open = [{ ...exit, state: 'unresolved' as const }]
  expect(dutiesIn({ open, position: 10, verdict: absent('resend') })).toEqual(['send exit'])
  expect(dutiesIn({ open, position: 4, verdict: absent('resend') })).toEqual([])
})

test('an exit that stands still, or has nothing left to sell, is cancelled', () => {
  expect(dutiesIn({ open: [{ ...exit, state: 'held' }], position: 10 })).toEqual(['cancel exit'])
  expect(dutiesIn({ open: [exit], position: 0 })).toEqual(['cancel exit'])
})

const ARM = { kind: 'arm', terms: { quantity: 10, stopPrice: 97 } } as const

test('a stop is armed at any level but after a panic, and never on doubt about the position', () => {
  for (const level of ['active', 'reducing', 'halted', 'off'] as const)
    expect(dutiesIn({ protection: ARM, position: 10, trader: trader({ level }) })).toEqual(['protect'])
  expect(
    dutiesIn({ protection: ARM, position: 10, trader: trader({ level: 'halted', cause: 'panic' }) }),
  ).toEqual([])
  expect(dutiesIn({ protection: ARM, position: 10, isDoubtful: true })).toEqual([])
  expect(dutiesIn({ protection: ARM, position: 10, session: null })).toEqual([])
})

test('a stop is armed beside an exit that is in doubt, not beside one that leaves now', () => {
  const leaving = { open: [{ ...exit, state: 'reserved' as const }], protection: ARM, position: 10 }
  expect(dutiesIn(leaving)).toEqual(['send exit'])
  const open = [{ ...exit, state: 'unresolved' as const }]
  expect(dutiesIn({ open, protection: ARM, position: 10 })).toEqual(['protect'])
})

test('a stop that is lost twice gives the position up', () => {
  expect(dutiesIn({ protection: { kind: 'lost' }, position: 10 })).toEqual(['giveUp'])
})

const FLATTENING = trader({ level: 'halted', isFlattening: true })

test('everything is closed in order: entries back, the position sold, then done', () => {
  expect(
    dutiesIn({ trader: FLATTENING, open: [intent({ state: 'partial', filled: 4 }), stop], position: 4 }),
  ).toEqual(['cancel entry'])
  expect(dutiesIn({ trader: FLATTENING, open: [stop], position: 4 })).toEqual(['close'])
  expect(dutiesIn({ trader: FLATTENING, open: [exit, stop], position: 4 })).toEqual([])
  expect(dutiesIn({ trader: FLATTENING, open: [], position: 0 })).toEqual(['finish'])
})

test('nothing is closed while the market is, on guesses, or again and again', () => {
  const closing = { trader: FLATTENING, open: [stop], position: 10 }
  expect(dutiesIn({ ...closing, isOpen: () => false })).toEqual([])
  expect(dutiesIn({ ...closing, isDoubtful: true })).toEqual([])
  expect(dutiesIn({ ...closing, session: null })).toEqual([])
  expect(dutiesIn({ ...closing, failedExits: () => 3 })).toEqual(['finish'])
})

test('a panic cancels everything, once there is a session', () => {
  const panicking = trader({ level: 'halted', isPanicking: true, cause: 'panic' })
  expect(dutiesIn({ trader: panicking })).toEqual(['cancelEverything'])
  expect(dutiesIn({ trader: panicking, session: null })).toEqual([])
})

test('the same thing tried again has the same name', () => {
  const [a, b] = [
    dutiesOf(situation({ open: [intent(), stop], now: after(31) })),
    dutiesOf(situation({ open: [intent(), stop], now: after(40) })),
  ]
  expect(a.map(keyOf)).toEqual(b.map(keyOf))
})
