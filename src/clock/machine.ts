import { type Clock, epochMs } from '../market/time.ts'
import { sleepBy } from './sleep.ts'

/** Node fires a longer timer at once (Node: setTimeout). */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Real UTC and Node's timers. An NTP step moves `now()` but no timer: Node counts on the monotonic clock. */
export const machineClock: Clock = {
  now: () => epochMs(Date.now()),
  sleep: (delayMs, signal) => sleepBy((wake) => machineClock.after(delayMs, wake), signal),
  async sleepUntil(at, signal) {
    signal?.throwIfAborted()
    // Asked again, because a timer may fire a millisecond early.
    while (machineClock.now() < at) await machineClock.sleep(at - machineClock.now(), signal)
  },
  after(delayMs, callback) {
    let timer: NodeJS.Timeout
    const arm = (leftMs: number) => {
      const next = leftMs > LONGEST_TIMER_MS ? () => arm(leftMs - LONGEST_TIMER_MS) : callback
      timer = setTimeout(next, Math.min(leftMs, LONGEST_TIMER_MS))
    }
    arm(delayMs)
    return () => clearTimeout(timer)
  },
}
