import { type EpochMs, MINUTE_MS, plus, SECOND_MS } from '../market/time.ts'
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
 * IB's limits on requests for small bars (IB: Historical Data Limitations), by a log of the last ten minutes. Whatever
 * is refused counts among what was received: `busiest` judges the client, not us.
 */
export class SmallBarPacing {
  #received: SmallBarRequest[] = []
  #admitted: SmallBarRequest[] = []
  #total = 0
  #busiest = 0

  /**
   * Takes a request in; answers the rule that it breaks, or null when it is admitted. What is refused takes room in
   * the limits only where `refusedCount` says so.
   */
  admit(request: SmallBarRequest, refusedCount = false): LimitRule | null {
    this.#receive(request)
    const broken = brokenRule(this.#admitted, request)
    if (!broken || refusedCount) this.#admitted.push(request)
    return broken
  }

  /** Takes a request in that may wait: when it is within the limits, after all that have come before it. */
  reserve(request: SmallBarRequest): EpochMs {
    this.#receive(request)
    const free = (time: EpochMs) => brokenRule(this.#admitted, { ...request, time }) === null
    const time = [request.time, ...this.#departures(request.time)].find(free)!
    this.#admitted.push({ ...request, time })
    return time
  }

  #receive(request: SmallBarRequest): void {
    this.#total++
    this.#received = [...since(this.#received, request.time, WINDOW_MS), request]
    this.#busiest = Math.max(this.#busiest, weightOf(this.#received))
    this.#admitted = since(this.#admitted, request.time, WINDOW_MS)
  }

  /** When the requests that were admitted leave the reach of a limit, the first first. */
  #departures(now: EpochMs): EpochMs[] {
    const spans = [BURST_MS, IDENTICAL_MS, WINDOW_MS]
    const times = this.#admitted.flatMap(({ time }) => spans.map((span) => plus(time, span)))
    return times.filter((time) => time > now).sort((a, b) => a - b)
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

function brokenRule(earlier: readonly SmallBarRequest[], request: SmallBarRequest): LimitRule | null {
  const { time, identity, series, weight } = request
  const admitted = since(earlier, time, WINDOW_MS)
  if (since(admitted, time, IDENTICAL_MS).some((other) => other.identity === identity)) return 'identical'
  const burst = since(admitted, time, BURST_MS).filter((other) => other.series === series)
  if (burst.length >= BURST_LIMIT) return 'burst'
  return weightOf(admitted) + weight > WINDOW_LIMIT ? 'window' : null
}

/** Those younger than `ageMs`: a request exactly that old has left the window. */
const since = (requests: readonly SmallBarRequest[], now: EpochMs, ageMs: number) =>
  requests.filter(({ time }) => now - time < ageMs)

const weightOf = (requests: readonly SmallBarRequest[]) =>
  requests.reduce((sum, { weight }) => sum + weight, 0)
