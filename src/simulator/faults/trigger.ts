import { type EpochMs, plus, type Random } from '../../market/time.ts'
import { type Aim, type Happening, isMet } from './happening.ts'

/** When a fault is on, in market time, and which of the happenings that it is about it strikes. */
export interface Trigger {
  readonly on: Aim
  /** Its first instant; null for `afterMs` after it was armed. */
  readonly at: EpochMs | null
  readonly afterMs: number
  /** Null: until it is taken away. */
  readonly lastsMs: number | null
  /** It comes again so long after its beginning; null for once. */
  readonly everyMs: number | null
  /** 3: each third happening. */
  readonly nth: number
  /** At most so many strikes. */
  readonly times: number
  readonly probability: number
}

export const beginOf = ({ at, afterMs }: Trigger, armedAt: EpochMs): EpochMs => at ?? plus(armedAt, afterMs)

/** Decides which happenings a fault strikes. */
export class Aimed {
  readonly #trigger: Trigger
  readonly #begin: EpochMs
  readonly #random: Random
  #seen = 0
  #strikes = 0

  constructor(trigger: Trigger, armedAt: EpochMs, random: Random) {
    this.#trigger = trigger
    this.#begin = beginOf(trigger, armedAt)
    this.#random = random
  }

  get count(): number {
    return this.#strikes
  }

  /** Takes one more strike in; false when there were enough, or the dice say no. */
  strike(): boolean {
    const { nth, times, probability } = this.#trigger
    if (++this.#seen % nth !== 0 || this.#strikes >= times) return false
    if (probability < 1 && this.#random() >= probability) return false
    this.#strikes++
    return true
  }

  /** Whether the fault strikes what happens now. */
  hits(happening: Happening, now: EpochMs): boolean {
    return this.isOn(now) && isMet(this.#trigger.on, happening) && this.strike()
  }

  isOn(now: EpochMs): boolean {
    const { everyMs, lastsMs } = this.#trigger
    const since = now - this.#begin
    if (since < 0) return false
    return lastsMs === null || (everyMs === null ? since : since % everyMs) < lastsMs
  }
}
