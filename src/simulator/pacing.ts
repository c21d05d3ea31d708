import { type EpochMs, MINUTE_MS, SECOND_MS } from '../market/time.ts'
import type { LimitRule } from './violations.ts'

/** One request for bars of 30 seconds or less. */
export interface SmallBarRequest {
  readonly time: EpochMs
  /** Everything that makes two requests the same one. */
  readonly identity: string
  /** Contract, exchange and kind of tick. */
  readonly series: string
  /** BID_ASK counts twice. */
  readonly weight: 1 | 2
}

const WINDOW_MS = 10 * MINUTE_MS
const WINDOW_LIMIT = 60
const IDENTICAL_MS = 15 * SECOND_MS
const BURST_MS = 2 * SECOND_MS
/** "Six or more" in two seconds is a violation. */
const BURST_LIMIT = 5

/**
 * IB's limits on requests for small bars (IB: Historical Data Limitations), by a log of the last ten minutes. What is
 * refused takes no room in the limits, but counts among what was received: `busiest` judges the client, not us.
 */
export class SmallBarPacing {
  #received: SmallBarRequest[] = []
  #admitted: SmallBarRequest[] = []
  #total = 0
  #busiest = 0

  /** Takes a request in; answers the rule that it breaks, or null when it is admitted. */
  admit(request: SmallBarRequest): LimitRule | null {
    this.#total++
    this.#received = [...since(this.#received, request.time, WINDOW_MS), request]
    this.#busiest = Math.max(this.#busiest, weightOf(this.#received))
    const admitted = since(this.#admitted, request.time, WINDOW_MS)
    const broken = brokenRule(admitted, request)
    this.#admitted = broken ? admitted : [...admitted, request]
    return broken
  }

  /** Requests received since the start. */
  get total(): number {
    return this.#total
  }

  /** The most that any ten minutes have seen, refused ones included. Exact: a window is fullest when one arrives. */
  get busiest(): number {
    return this.#busiest
  }

  /** Received in the ten minutes before `now`. */
  recent(now: EpochMs): number {
    return weightOf(since(this.#received, now, WINDOW_MS))
  }
}

function brokenRule(admitted: readonly SmallBarRequest[], request: SmallBarRequest): LimitRule | null {
  const { time, identity, series, weight } = request
  if (since(admitted, time, IDENTICAL_MS).some((earlier) => earlier.identity === identity)) return 'identical'
  const burst = since(admitted, time, BURST_MS).filter((earlier) => earlier.series === series)
  if (burst.length >= BURST_LIMIT) return 'burst'
  return weightOf(admitted) + weight > WINDOW_LIMIT ? 'window' : null
}

/** Those younger than `ageMs`: a request exactly that old has left the window. */
const since = (requests: readonly SmallBarRequest[], now: EpochMs, ageMs: number) =>
  requests.filter(({ time }) => now - time < ageMs)

const weightOf = (requests: readonly SmallBarRequest[]) =>
  requests.reduce((sum, { weight }) => sum + weight, 0)
