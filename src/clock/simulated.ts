import { type Clock, type EpochMs, epochMs } from '../market/time.ts'
import { steeredClock } from './steered.ts'
import type { Timeline } from './world.ts'

/**
 * A market's clock that runs on the machine's. `anchor` is the machine's instant at which the timeline began. It never
 * goes back, even when the machine's does.
 */
export function simulatedClock(machine: Clock, timeline: Timeline, anchor: EpochMs): Clock {
  let latest = timeline.at(0)
  return steeredClock(machine, {
    now() {
      latest = epochMs(Math.max(latest, timeline.at(machine.now() - anchor)))
      return latest
    },
    restMs: (at) => timeline.elapsed(at) - (machine.now() - anchor),
  })
}
