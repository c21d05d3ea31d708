import { type Clock, type EpochMs, epochMs } from '../market/time.ts'
import { steeredClock } from './steered.ts'

/** A clock that another one sets right. */
export interface CorrectedClock extends Clock {
  /** Tells what a better clock says now. It is followed forwards at once; backwards this one stands until it fits. */
  correct(truth: EpochMs): void
}

/** The machine's clock plus what it is wrong by. Never runs back. */
export function correctedClock(machine: Clock): CorrectedClock {
  let offsetMs = 0
  let latest = machine.now()
  const now = (): EpochMs => {
    latest = epochMs(Math.max(latest, machine.now() + offsetMs))
    return latest
  }
  const correct = (truth: EpochMs): void => {
    offsetMs = truth - machine.now()
  }
  return { ...steeredClock(machine, { now, restMs: (at) => at - (machine.now() + offsetMs) }), correct }
}
