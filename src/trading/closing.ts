import { type Bucket, bucketAt, type CandleGrid } from '../market/resample.ts'
import type { Bar, BarSeries } from '../market/series.ts'
import { nextSession, sessionAt } from '../market/session.ts'
import { type EpochMs, epochMs, later, plus, SECOND_MS, type TimeRange } from '../market/time.ts'
import type { ClosedCandle } from './closedCandles.ts'

/** So long after its end a candle has closed although nothing later was told: the broker may need that long. */
export const GRACE_MS = 3 * SECOND_MS
/** That nothing traded in the newest candles is believed when it was answered twice, so far apart. */
const QUIET_MS = 5 * SECOND_MS
/** A bar that lies further ahead of the clock is none. */
const AHEAD_MS = 10 * SECOND_MS

/** What comes next: a candle has closed · the bars of a span are to be asked for · nothing until an update or then. */
export type Step =
  | { readonly kind: 'candle'; readonly closed: ClosedCandle }
  | { readonly kind: 'ask'; readonly range: TimeRange }
  | { readonly kind: 'wait'; readonly until: EpochMs }

interface Told {
  readonly bar: Bar
  readonly at: EpochMs
}

/**
 * Makes of bars as they form the candles that have closed: each once, in order, without a gap. What may have been missed
 * is asked for: a candle that was not told after its end, those around an interruption, and those that were not told.
 */
export class ClosingCandles {
  readonly #grid: CandleGrid
  /** Every candle that ends by then was given, or is none because nothing traded. */
  #from: EpochMs
  readonly #told = new Map<EpochMs, Told>()
  #newest: EpochMs
  /** The stream has told everything since this candle began; null until it tells one. */
  #watchedFrom: EpochMs | null = null
  /** Candles that end by then are as they were answered. */
  #answeredUntil: EpochMs
  /** No bar was answered of the candles up to then, when last asked. */
  #quiet: { readonly until: EpochMs; readonly since: EpochMs } | null = null

  constructor(grid: CandleGrid, from: EpochMs) {
    this.#grid = grid
    this.#from = this.#newest = this.#answeredUntil = from
  }

  /** The stream tells a bar as it stands now, closed or still forming. */
  take(bar: Bar, now: EpochMs): void {
    if (bar.time > now + AHEAD_MS || bucketAt(this.#grid, bar.time)?.time !== bar.time) return
    this.#watchedFrom ??= bar.time
    this.#keep(bar, now)
  }

  /** The stream may have left something out. */
  interrupted(): void {
    this.#watchedFrom = null
  }

  /**
   * The bars of a span that was to be asked for. It settles the candles up to its last bar: the broker's newest bars may
   * be late, so that nothing traded after it is believed the second time.
   */
  answer({ from, to }: TimeRange, bars: BarSeries, now: EpochMs): void {
    let until = from
    for (const bar of bars) {
      this.#keep(bar, now)
      until = later(until, bucketAt(this.#grid, bar.time)?.to ?? from)
    }
    if (this.#quiet !== null && now >= this.#quiet.since + QUIET_MS) until = later(until, this.#quiet.until)
    this.#answeredUntil = until
    this.#quiet = until < to ? { until: to, since: now } : null
  }

  next(now: EpochMs): Step {
    for (let bucket = this.#bucket(); ; bucket = this.#bucket()) {
      if (!this.#isOver(bucket, now)) return { kind: 'wait', until: plus(bucket.to, GRACE_MS) }
      const told = this.#told.get(bucket.time)
      const isAnswered = bucket.to <= this.#answeredUntil
      if (told !== undefined && (isAnswered || this.#isWhole(told, bucket))) return this.#give(told, bucket)
      if (!isAnswered) return this.#ask(bucket, now)
      this.#settle(bucket)
    }
  }

  #keep(bar: Bar, at: EpochMs): void {
    this.#newest = later(this.#newest, bar.time)
    if (bar.time >= this.#from) this.#told.set(bar.time, { bar, at })
  }

  /** The first one that is not settled. */
  #bucket(): Bucket {
    const { session } = this.#grid
    return bucketAt(this.#grid, this.#from) ?? bucketAt(this.#grid, nextSession(this.#from, session).from)!
  }

  #isOver({ to }: Bucket, now: EpochMs): boolean {
    return now >= to + GRACE_MS || this.#newest >= to
  }

  /** Watched from its first trade on, and told again after its last. */
  #isWhole({ at }: Told, { time, to }: Bucket): boolean {
    return this.#watchedFrom !== null && this.#watchedFrom <= time && at >= to && this.#newest >= to
  }

  #give({ bar }: Told, bucket: Bucket): Step {
    this.#settle(bucket)
    return { kind: 'candle', closed: { candle: bar, closedAt: bucket.to } }
  }

  #settle({ time, to }: Bucket): void {
    this.#from = to
    this.#told.delete(time)
  }

  /** All that is over in the session of `bucket`; what had no bar only after a while again. */
  #ask(bucket: Bucket, now: EpochMs): Step {
    const again = this.#quiet === null ? now : plus(this.#quiet.since, QUIET_MS)
    if (now < again) return { kind: 'wait', until: again }
    const { to: close } = sessionAt(bucket.from, this.#grid.session)!
    const settled = epochMs(now - GRACE_MS)
    const over = settled >= close ? close : (bucketAt(this.#grid, settled)?.from ?? bucket.to)
    return { kind: 'ask', range: { from: bucket.from, to: later(over, bucket.to) } }
  }
}
