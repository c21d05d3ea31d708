import { expect, test } from 'vitest'
import { steerableClock } from '../../src/clock/steerable.ts'
import { MINUTE_MS, parseInstant, plus } from '../../src/market/time.ts'
import { manualClock } from '../support/manualClock.ts'

const START = parseInstant('2024-06-03T15:00:00Z')
const MACHINE = parseInstant('2026-01-01T00:00:00Z')

const setUp = (speed = 10) => {
  const machine = manualClock(MACHINE)
  const world = { start: START, speed, seed: 1, tape: 'generated', skip: null }
  return { machine, clock: steerableClock(machine, { world, anchor: MACHINE, isPaused: false }) }
}

test('a paused clock stands still, and goes on from there', async () => {
  const { machine, clock } = setUp()
  await machine.advance(1_000)
  clock.pause()
  await machine.advance(60_000)
  expect([clock.now() - START, clock.era.isPaused]).toEqual([10_000, true])
  clock.resume()
  await machine.advance(500)
  expect(clock.now() - START).toBe(15_000)
})

test('another speed holds from now on', async () => {
  const { machine, clock } = setUp(10)
  await machine.advance(1_000)
  clock.setSpeed(2)
  await machine.advance(1_000)
  expect(clock.now() - START).toBe(12_000)
})

test('a jump wakes who waited for what was jumped over, at once', async () => {
  const { clock } = setUp()
  let woken = false
  clock.after(5 * MINUTE_MS, () => {
    woken = true
  })
  clock.jump(plus(START, 4 * MINUTE_MS))
  expect(woken).toBe(false)
  clock.jump(plus(START, 5 * MINUTE_MS))
  expect(woken).toBe(true)
})

test('a paused clock can be moved step by step', async () => {
  const { machine, clock } = setUp()
  clock.pause()
  clock.jump(plus(clock.now(), 1_000))
  await machine.advance(10_000)
  expect([clock.now() - START, clock.era.isPaused]).toEqual([1_000, true])
})

test('what is past cannot be jumped to', () => {
  const { clock } = setUp()
  expect(() => clock.jump(plus(START, -1))).toThrow(RangeError)
})

test('a call back that is taken back does not come after a jump', () => {
  const { clock } = setUp()
  const takeBack = clock.after(MINUTE_MS, () => expect.unreachable())
  takeBack()
  clock.jump(plus(START, 2 * MINUTE_MS))
})

test('a clock that follows another tells the same time, but never goes back', async () => {
  const { machine, clock } = setUp()
  const other = setUp().clock
  const follower = steerableClock(machine, other.era)
  clock.jump(plus(START, MINUTE_MS))
  clock.setSpeed(3)
  follower.follow(clock.era)
  await machine.advance(1_000)
  expect(follower.now()).toBe(clock.now())
  const reached = follower.now()
  follower.follow(other.era)
  expect(follower.now()).toBe(reached)
})
