import { type Clock, type EpochMs, later } from '../market/time.ts'
import { steeredClock } from './steered.ts'
import { timeline, type World } from './world.ts'

/** A simulated market since its clock was last touched: a world that began then, and whether it stands still. */
export interface MarketEra {
  readonly world: World
  /** The machine's instant at which that world began. */
  readonly anchor: EpochMs
  readonly isPaused: boolean
}

/** A market's clock that can be paused, hurried and moved forwards while others wait on it. It never goes back. */
export interface SteerableClock extends Clock {
  readonly era: MarketEra
  pause(): void
  resume(): void
  /** Market milliseconds per real millisecond from now on. */
  setSpeed(speed: number): void
  /** Throws a RangeError on an instant that is past. */
  jump(to: EpochMs): void
  /** Goes on as another clock does, whose era this is. */
  follow(era: MarketEra): void
}

/** A simulated market's clock with hands. Whoever sleeps on it wakes as soon as it has been moved far enough. */
export function steerableClock(machine: Clock, begin: MarketEra): SteerableClock {
  const moved = new Set<() => void>()
  let era = begin
  let line = timeline(begin.world)
  let latest = line.at(0)
  const now = (): EpochMs => {
    latest = later(latest, line.at(era.isPaused ? 0 : machine.now() - era.anchor))
    return latest
  }
  const restMs = (at: EpochMs): number =>
    era.isPaused ? Number.POSITIVE_INFINITY : line.elapsed(at) - (machine.now() - era.anchor)
  const enter = (next: MarketEra): void => {
    era = next
    line = timeline(next.world)
    for (const look of [...moved]) look()
  }
  const change = (world: Partial<World>, isPaused = era.isPaused): void =>
    enter({ world: { ...era.world, start: now(), ...world }, anchor: machine.now(), isPaused })
  return {
    ...steeredClock(machine, { now, restMs, moved }),
    get era() {
      return era
    },
    pause: () => change({}, true),
    resume: () => change({}, false),
    setSpeed: (speed) => change({ speed }),
    jump(to) {
      if (to < now()) throw new RangeError('the market has passed that instant')
      change({ start: to })
    },
    follow: enter,
  }
}
