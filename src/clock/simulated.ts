import { type Clock, type EpochMs, epochMs, plus, SECOND_MS } from '../market/time.ts'
import { sleepBy } from './sleep.ts'
import type { Timeline } from './world.ts'

/** How long the machine's clock is trusted at a stretch: it may be set while somebody sleeps. */
const LONGEST_SLICE_MS = SECOND_MS

/**
 * A market's clock that runs on the machine's. `anchor` is the machine's instant at which the timeline began. It never
 * goes back, even when the machine's does, and its sleeps never end early.
 */
export function simulatedClock(machine: Clock, timeline: Timeline, anchor: EpochMs): Clock {
  let latest = timeline.at(0)
  const now = () => {
    latest = epochMs(Math.max(latest, timeline.at(machine.now() - anchor)))
    return latest
  }
  const restMs = (at: EpochMs) => timeline.elapsed(at) - (machine.now() - anchor)
  const callAt = (at: EpochMs, callback: () => void): (() => void) => {
    let takeBack: () => void
    const look = () => (now() >= at ? callback() : wait())
    const wait = () => {
      takeBack = machine.after(Math.min(Math.max(1, restMs(at)), LONGEST_SLICE_MS), look)
    }
    wait()
    return () => takeBack()
  }
  const after = (delayMs: number, callback: () => void) => callAt(plus(now(), Math.ceil(delayMs)), callback)
  return {
    now,
    after,
    sleep: (delayMs, signal) => sleepBy((wake) => after(delayMs, wake), signal),
    async sleepUntil(at, signal) {
      signal?.throwIfAborted()
      if (now() < at) await sleepBy((wake) => callAt(at, wake), signal)
    },
  }
}
