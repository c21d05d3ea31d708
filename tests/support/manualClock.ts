import { sleepBy } from '../../src/clock/sleep.ts'
import { type Clock, type EpochMs, plus } from '../../src/market/time.ts'

export interface ManualClock extends Clock {
  /** Moves time on by `ms` and runs what is due on the way, in order; all that follows from it has run on return. */
  advance(ms: number): Promise<void>
}

interface Timer {
  readonly at: EpochMs
  readonly callback: () => void
}

/** A clock that stands still until it is advanced. */
export function manualClock(start: EpochMs): ManualClock {
  let time = start
  const timers = new Set<Timer>()
  const after = (delayMs: number, callback: () => void) => {
    const timer = { at: plus(time, Math.max(0, Math.ceil(delayMs))), callback }
    timers.add(timer)
    return () => void timers.delete(timer)
  }
  const runUntil = async (end: EpochMs) => {
    for (let timer = earliest(timers); timer && timer.at <= end; timer = earliest(timers)) {
      timers.delete(timer)
      time = timer.at
      timer.callback()
      await settled()
    }
  }
  return {
    now: () => time,
    after,
    sleep: (delayMs, signal) => sleepBy((wake) => after(delayMs, wake), signal),
    async sleepUntil(at, signal) {
      signal?.throwIfAborted()
      if (time < at) await sleepBy((wake) => after(at - time, wake), signal)
    },
    async advance(ms) {
      const end = plus(time, ms)
      await settled()
      await runUntil(end)
      time = end
    },
  }
}

/** Of timers that are due together the first that was set. */
function earliest(timers: Iterable<Timer>): Timer | null {
  let first: Timer | null = null
  for (const timer of timers) if (!first || timer.at < first.at) first = timer
  return first
}

/** Every promise that can settle without a timer has settled. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
