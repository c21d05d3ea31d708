import { sleepBy } from '../../src/clock/sleep.ts'
import { type Clock, epochMs } from '../../src/market/time.ts'

/** The machine's clock, `factor` times as fast: time-outs of seconds end in milliseconds, over real sockets. */
export function hurriedClock(factor: number): Clock {
  const start = Date.now()
  const after = (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, delayMs / factor)
    return () => clearTimeout(timer)
  }
  const clock: Clock = {
    now: () => epochMs(start + Math.floor((Date.now() - start) * factor)),
    after,
    sleep: (delayMs, signal) => sleepBy((wake) => after(delayMs, wake), signal),
    sleepUntil: (at, signal) => clock.sleep(Math.max(0, at - clock.now()), signal),
  }
  return clock
}
