import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { DAY_MS, plus } from '../../src/market/time.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the machine tells UTC', () => {
  vi.setSystemTime(new Date('2024-07-03T14:00:00.123Z'))
  expect(machineClock.now()).toBe(Date.parse('2024-07-03T14:00:00.123Z'))
})

test('a call back waits longer than the longest timer of Node', async () => {
  let called = false
  machineClock.after(60 * DAY_MS, () => {
    called = true
  })
  await vi.advanceTimersByTimeAsync(60 * DAY_MS - 1)
  expect(called).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(called).toBe(true)
})

test('a call back that is taken back leaves no timer, however far away it was', async () => {
  const takeBack = machineClock.after(60 * DAY_MS, () => expect.unreachable())
  await vi.advanceTimersByTimeAsync(30 * DAY_MS)
  takeBack()
  expect(vi.getTimerCount()).toBe(0)
})

test('a sleep until an instant ends when it has come, at once when it is past', async () => {
  await machineClock.sleepUntil(plus(machineClock.now(), -1))
  const at = plus(machineClock.now(), 5_000)
  const sleep = machineClock.sleepUntil(at)
  await vi.advanceTimersByTimeAsync(5_000)
  await sleep
  expect(machineClock.now()).toBe(at)
})

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
  const controller = new AbortController()
  const sleep = machineClock.sleep(5_000, controller.signal)
  controller.abort(new Error('stopped'))
  await expect(sleep).rejects.toThrow('stopped')
  await expect(machineClock.sleep(1, controller.signal)).rejects.toThrow('stopped')
  expect(vi.getTimerCount()).toBe(0)
})
