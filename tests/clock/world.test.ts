import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeline, type World } from '../../src/clock/world.ts'
import { sessionAt, sessionOn } from '../../src/market/session.ts'
import { DAY_MS, epochMs, HOUR_MS, MINUTE_MS, plus } from '../../src/market/time.ts'

const utc = (text: string) => epochMs(Date.parse(text))
const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
const world = (fields: Partial<World>): World => ({
  start: utc('2024-07-03T14:00:00Z'),
  speed: 1,
  seed: 1,
  tape: 'generated',
  skip: null,
  ...fields,
})

test('market time runs at the speed of its world', () => {
  const { at, elapsed } = timeline(world({ speed: 60 }))
  expect(iso(at(0))).toBe('2024-07-03T14:00:00Z')
  expect(iso(at(1_000))).toBe('2024-07-03T14:01:00Z')
  expect(elapsed(utc('2024-07-04T14:00:00Z'))).toBe(DAY_MS / 60)
})

test('without a session to skip, nights and weekends pass', () => {
  const { at } = timeline(world({ speed: 1_000 }))
  expect(iso(at((4 * DAY_MS) / 1_000))).toBe('2024-07-07T14:00:00Z')
})

test('one minute after the close the clock jumps to one minute before the next open', () => {
  const { at, elapsed } = timeline(world({ skip: 'rth' }))
  const untilJump = 3 * HOUR_MS + MINUTE_MS // 14:00 to 17:01, on a half day
  expect(iso(at(untilJump - 1))).toBe('2024-07-03T17:00:59.999Z')
  expect(iso(at(untilJump))).toBe('2024-07-05T13:29:00Z')
  expect(elapsed(utc('2024-07-03T17:01:00Z'))).toBe(untilJump)
  expect(elapsed(utc('2024-07-04T12:00:00Z'))).toBe(untilJump)
  expect(elapsed(utc('2024-07-05T13:30:00Z'))).toBe(untilJump + MINUTE_MS)
})

test.each([
  ['deep in the night', '2024-07-04T03:00:00Z', '2024-07-05T13:29:00Z'],
  ['in the minute after a close', '2024-07-03T17:00:30Z', '2024-07-03T17:00:30Z'],
  ['one minute after a close', '2024-07-03T17:01:00Z', '2024-07-05T13:29:00Z'],
  ['in the minute before an open', '2024-07-05T13:29:30Z', '2024-07-05T13:29:30Z'],
  ['inside a session', '2024-07-05T18:00:00Z', '2024-07-05T18:00:00Z'],
])('a world that starts %s, at %s, begins at %s', (_, start, first) => {
  const { at, elapsed } = timeline(world({ start: utc(start), skip: 'rth' }))
  expect(iso(at(0))).toBe(first)
  expect(elapsed(utc(start))).toBe(0)
  expect(elapsed(utc(first))).toBe(0)
})

test('a year of sessions is lived in the time of its sessions', () => {
  const { elapsed } = timeline(world({ start: utc('2024-01-02T14:29:00Z'), skip: 'rth', speed: 10 }))
  const lived = 249 * 6.5 * HOUR_MS + 3 * 3.5 * HOUR_MS + 252 * 2 * MINUTE_MS
  expect(elapsed(plus(sessionOn('2024-12-31', 'rth')!.to, MINUTE_MS))).toBe(lived / 10)
})

const someWorld = fc
  .record({
    start: fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) }).map(epochMs),
    speed: fc.oneof(fc.constantFrom(1, 10, 60), fc.double({ min: 0.1, max: 1_000, noNaN: true })),
    skip: fc.constantFrom('rth' as const, 'all' as const, null),
  })
  .map(world)
const someElapsed = fc.nat(20_000_000)

test('market time never falls, and does not depend on what was asked before', () => {
  fc.assert(
    fc.property(someWorld, fc.array(someElapsed, { minLength: 2, maxLength: 5 }), (it, moments) => {
      const asked = timeline(it)
      const instants = moments.map((moment) => [moment, asked.at(moment)] as const)
      instants.sort(([a], [b]) => a - b)
      expect(instants.every(([, at], i) => i === 0 || instants[i - 1]![1] <= at)).toBe(true)
      expect(instants.every(([moment, at]) => timeline(it).at(moment) === at)).toBe(true)
    }),
  )
})

test('the elapsed time of an instant is the first moment at which it is reached', () => {
  fc.assert(
    fc.property(someWorld, fc.integer({ min: -DAY_MS, max: 90 * DAY_MS }), (it, offset) => {
      const { at, elapsed } = timeline(it)
      const instant = plus(it.start, offset)
      const moment = elapsed(instant)
      expect(Number.isInteger(moment) && at(moment) >= instant).toBe(true)
      expect(moment === 0 || at(moment - 1) < instant).toBe(true)
    }),
  )
})

test('a world that skips is always within a minute of a session', () => {
  fc.assert(
    fc.property(someWorld, someElapsed, (it, moment) => {
      fc.pre(it.skip !== null)
      const at = timeline(it).at(moment)
      const near = [-MINUTE_MS, 0, MINUTE_MS].some((ms) => sessionAt(plus(at, ms), it.skip!))
      expect(near).toBe(true)
    }),
  )
})
