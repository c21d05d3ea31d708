import { expect, test } from 'vitest'
import { epochMs } from '../../src/market/time.ts'
import { manualClock } from './manualClock.ts'

test('timers run in the order of time, and in the order set where they are due together', async () => {
  const clock = manualClock(epochMs(0))
  const calls: string[] = []
  const note = (name: string) => () => calls.push(`${name} at ${clock.now()}`)
  clock.after(20, note('b'))
  clock.after(10, note('a'))
  clock.after(20, note('c'))
  clock.after(31, note('never'))
  await clock.advance(30)
  expect(calls).toEqual(['a at 10', 'b at 20', 'c at 20'])
  expect(clock.now()).toBe(30)
})

test('a sleeper that sleeps again is woken again within one advance', async () => {
  const clock = manualClock(epochMs(0))
  const woken: number[] = []
  const sleeper = async () => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(10)
      woken.push(clock.now())
    }
  }
  const done = sleeper()
  await clock.advance(100)
  await done
  expect(woken).toEqual([10, 20, 30])
})
