import { expect, test } from 'vitest'
import { ABSENCE_MS, type Absence, absences, verdictOn } from '../../../src/trading/absence.ts'
import { intent } from '../samples.ts'

const ENTRY = intent({ state: 'unresolved', orderId: 40 })
const EXIT = intent({ purpose: 'exit', state: 'unresolved', orderId: 42 })
const session = (number: number, nextOrderId = 40) => ({ session: number, nextOrderId })
const NOBODY = new Map<string, number>()

test('an absence lasts as long as all snapshots of one session agree on it', () => {
  const first = absences(new Map(), [ENTRY], session(1), NOBODY, 10_000)
  const second = absences(first, [ENTRY], session(1), NOBODY, 75_000)
  expect(second.get(ENTRY.id)).toMatchObject({ since: 10_000, lastSeen: 75_000 })
  expect(absences(second, [], session(1), NOBODY, 80_000).size).toBe(0)
  expect(absences(second, [ENTRY], session(2), NOBODY, 80_000).get(ENTRY.id)).toMatchObject({ since: 80_000 })
})

test('what was sent just before is not absent yet', () => {
  expect(absences(new Map(), [ENTRY], session(1), new Map([[ENTRY.id, 9_000]]), 10_000).size).toBe(0)
  expect(absences(new Map(), [ENTRY], session(1), new Map([[ENTRY.id, 7_000]]), 10_000).size).toBe(1)
})

const lasting = (ms: number, nextOrderId = 40): Absence => ({
  session: 1,
  since: 0,
  lastSeen: ms,
  nextOrderId,
})
const terms = { absenceMs: ABSENCE_MS, isWanted: false, isEqual: true, isSettled: false }

test('an entry that is wanted is sent again, at most twice', () => {
  const at = { ...terms, absence: lasting(0), isWanted: true }
  expect(verdictOn(ENTRY, at)).toBe('resend')
  expect(verdictOn({ ...ENTRY, sends: 3 }, at)).toBe('wait')
})

test('an entry is never expired before it was absent for a minute', () => {
  expect(verdictOn(ENTRY, { ...terms, absence: lasting(59_999) })).toBe('wait')
  expect(verdictOn(ENTRY, { ...terms, absence: lasting(60_000) })).toBe('expire')
})

test('a number that TWS has passed is no proof: only the end of the session or a person settles it', () => {
  const passed = { ...terms, absence: lasting(600_000, 41) }
  expect(verdictOn(ENTRY, passed)).toBe('wait')
  expect(verdictOn(ENTRY, { ...passed, isSettled: true })).toBe('expire')
  expect(verdictOn(ENTRY, { ...passed, isSettled: true, isEqual: false })).toBe('wait')
})

test('an exit is sent again as long as there is something to sell', () => {
  expect(verdictOn({ ...EXIT, sends: 50 }, { ...terms, absence: lasting(0), isWanted: true })).toBe('resend')
  expect(verdictOn(EXIT, { ...terms, absence: lasting(60_000) })).toBe('expire')
})

test('what the broker had accepted, and shows no more, is gone once that has lasted and the position agrees', () => {
  const known = { ...EXIT, permId: 7 }
  expect(verdictOn(known, { ...terms, absence: lasting(30_000), isWanted: true })).toBe('wait')
  expect(verdictOn(known, { ...terms, absence: lasting(60_000), isEqual: false })).toBe('wait')
  expect(verdictOn(known, { ...terms, absence: lasting(60_000) })).toBe('gone')
})
