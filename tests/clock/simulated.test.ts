import { expect, test } from 'vitest'
import { simulatedClock } from '../../src/clock/simulated.ts'
import { timeline } from '../../src/clock/world.ts'
import { type Clock, type EpochMs, epochMs, HOUR_MS, MINUTE_MS, plus } from '../../src/market/time.ts'
import { manualClock } from '../support/manualClock.ts'

const utc = (text: string) => epochMs(Date.parse(text))
const ANCHOR = utc('2030-01-01T00:00:00Z')
const START = utc('2024-07-03T14:00:00Z')

function simulation(speed: number, skip: 'rth' | null = null, correctionMs: { now: number } = { now: 0 }) {
  const machine = manualClock(ANCHOR)
  const corrected: Clock = { ...machine, now: () => plus(machine.now(), correctionMs.now) }
  const clock = simulatedClock(corrected, timeline({ start: START, speed, seed: 1, tape: '', skip }), ANCHOR)
  return { machine, clock }
}

/** Where market time stands when a promise settles. */
function settledAt(clock: Clock, promise: Promise<unknown>): { readonly at: EpochMs | null } {
  const seen: { at: EpochMs | null } = { at: null }
  const note = () => {
    seen.at = clock.now()
  }
  promise.then(note, note)
  return seen
}

test('market time is told by the machine and the timeline', async () => {
  const { machine, clock } = simulation(60)
  await machine.advance(MINUTE_MS)
  expect(clock.now()).toBe(START + HOUR_MS)
})

test.each([1, 7, 60, 999.9])(
  'at speed %d a sleep ends as soon as it may, and never earlier',
  async (speed) => {
    const { machine, clock } = simulation(speed)
    const at = plus(START, 3 * MINUTE_MS + 1)
    const seen = settledAt(clock, clock.sleepUntil(at))
    await machine.advance(4 * MINUTE_MS)
    expect(seen.at! - at).toBeGreaterThanOrEqual(0)
    expect(seen.at! - at).toBeLessThanOrEqual(speed)
  },
)

test('a sleep until after the close ends at the jump', async () => {
  const { machine, clock } = simulation(60, 'rth')
  const seen = settledAt(clock, clock.sleepUntil(utc('2024-07-04T00:00:00Z')))
  await machine.advance((3 * HOUR_MS + MINUTE_MS) / 60)
  expect(seen.at).toBe(utc('2024-07-05T13:29:00Z'))
})

test('when the machine is set forward a sleeper wakes within a second, when it is set back time stands', async () => {
  const correction = { now: 0 }
  const { machine, clock } = simulation(1, null, correction)
  const seen = settledAt(clock, clock.sleep(HOUR_MS))
  await machine.advance(MINUTE_MS)
  correction.now = HOUR_MS
  await machine.advance(1_000)
  expect(seen.at).not.toBeNull()
  const before = clock.now()
  correction.now = 0
  expect(clock.now()).toBe(before)
})

test('a sleep until a moment that is past ends at once', async () => {
  const { clock } = simulation(1)
  await clock.sleepUntil(START)
  await clock.sleepUntil(plus(START, -HOUR_MS))
})

test('a call back comes once, later, and can be taken back', async () => {
  const { machine, clock } = simulation(10)
  const calls: string[] = []
  clock.after(0, () => calls.push('at once'))
  clock.after(10_000, () => calls.push('later'))
  const takeBack = clock.after(20_000, () => calls.push('never'))
  expect(calls).toEqual([])
  await machine.advance(1_500)
  takeBack()
  await machine.advance(60_000)
  expect(calls).toEqual(['at once', 'later'])
})

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
  const { machine, clock } = simulation(1)
  const controller = new AbortController()
  const sleeps = [
    clock.sleep(HOUR_MS, controller.signal),
    clock.sleepUntil(plus(START, 5), controller.signal),
  ]
  controller.abort(new Error('stopped'))
  for (const sleep of sleeps) await expect(sleep).rejects.toThrow('stopped')
  await expect(clock.sleepUntil(START, controller.signal)).rejects.toThrow('stopped')
  await machine.advance(2 * HOUR_MS)
})
