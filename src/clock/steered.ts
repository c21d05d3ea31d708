import { type Clock, type EpochMs, plus, SECOND_MS } from '../market/time.ts'
import { sleepBy } from './sleep.ts'

/** How long the machine's timers are trusted at a stretch: either clock may be set while somebody sleeps. */
const LONGEST_SLICE_MS = SECOND_MS

export interface Steering {
  now(): EpochMs
  /** How many milliseconds of the machine's are left until an instant of this clock. */
  restMs(at: EpochMs): number
  /** Whom to call when the clock has been set: those who wait look at it again. */
  readonly moved?: Set<() => void>
}

/** A clock that tells its own time and waits on the machine's timers. Its sleeps never end early. */
export function steeredClock(machine: Clock, { now, restMs, moved }: Steering): Clock {
  const callAt = (at: EpochMs, callback: () => void): (() => void) => {
    let disarm: () => void
    const look = () => {
      takeBack()
      if (now() >= at) callback()
      else wait()
    }
    const wait = () => {
      disarm = machine.after(Math.min(Math.max(1, restMs(at)), LONGEST_SLICE_MS), look)
      moved?.add(look)
    }
    const takeBack = () => {
      disarm()
      moved?.delete(look)
    }
    wait()
    return takeBack
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
