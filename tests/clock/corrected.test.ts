import { expect, test } from 'vitest'
import { correctedClock } from '../../src/clock/corrected.ts'
import { epochMs, MINUTE_MS, plus } from '../../src/market/time.ts'
import { manualClock } from '../support/manualClock.ts'

const START = epochMs(Date.UTC(2026, 5, 1, 14))

test('a clock that is behind jumps to the better one', () => {
  const machine = manualClock(START)
  const clock = correctedClock(machine)
  clock.correct(plus(START, 2_500))
  expect(clock.now()).toBe(START + 2_500)
})

test('a clock that is ahead stands still until the better one has caught up', async () => {
  const machine = manualClock(START)
  const clock = correctedClock(machine)
  expect(clock.now()).toBe(START)
  clock.correct(plus(START, -1_000))
  await machine.advance(600)
  expect(clock.now()).toBe(START)
  await machine.advance(1_400)
  expect(clock.now()).toBe(START + 1_000)
})

test('who sleeps through a correction is woken at the corrected instant', async () => {
  const machine = manualClock(START)
  const clock = correctedClock(machine)
  let woken = 0
  clock.after(MINUTE_MS, () => {
    woken = clock.now()
  })
  await machine.advance(10_000)
  clock.correct(plus(START, 40_000))
  await machine.advance(19_000)
  expect(woken).toBe(0)
  await machine.advance(1_000)
  expect(woken).toBe(START + MINUTE_MS)
})
