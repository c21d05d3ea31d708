import { exchangeDate, previousSession, type Session, sessionOn } from '../../market/session.ts'
import { DAY_MS, type EpochMs } from '../../market/time.ts'
import { over } from '../history/fold.ts'
import type { MarketSource } from '../market.ts'
import { Feed, type Stretch } from './feed.ts'
import { type Tick, ticksOf } from './tick.ts'

/** What a day has seen so far. Prices are null before the first regular trade. */
export interface DaySoFar {
  readonly date: string
  readonly open: number | null
  readonly high: number | null
  readonly low: number | null
  /** Shares, in all hours. */
  readonly volume: number
}

const newDay = (date: string): DaySoFar => ({ date, open: null, high: null, low: null, volume: 0 })

/** How many sessions back a last trade is looked for. */
const SESSIONS_BACK = 5

export interface TickerDeps {
  readonly market: MarketSource
  readonly symbol: string
  readonly previousClose: () => number | null
}

/** A symbol's state of the market, brought forward from time to time. */
export class Ticker {
  /** The last trade, null where there has been none in days. */
  last: Tick | null = null
  day: DaySoFar
  /** Where the regular session before the day closed. */
  previousClose: number | null
  readonly #deps: TickerDeps
  readonly #feed: Feed

  constructor(deps: TickerDeps, now: EpochMs) {
    this.#deps = deps
    this.#feed = new Feed(deps.market, deps.symbol, now)
    this.day = newDay(exchangeDate(now))
    this.previousClose = deps.previousClose()
    this.#take(this.#latestSession(now))
    this.#turn(now)
  }

  advance(now: EpochMs): void {
    this.#turn(now)
    this.#take(this.#feed.stretches(now))
  }

  /** A new day begins at midnight, not with its first trade. */
  #turn(now: EpochMs): void {
    if (this.day.date >= exchangeDate(now)) return
    this.day = newDay(exchangeDate(now))
    this.previousClose = this.#deps.previousClose()
  }

  #take(stretches: readonly Stretch[]): void {
    for (const stretch of stretches.filter(({ first, end }) => first < end)) {
      this.day = grown(this.day, stretch)
      this.last = lastTick(this.#deps.symbol, stretch) ?? this.last
    }
  }

  /** All bars of the newest session that has any. */
  #latestSession(now: EpochMs): Stretch[] {
    const { market, symbol } = this.#deps
    let session: Session = sessionOn(exchangeDate(now), 'all') ?? previousSession(now, 'all')
    for (let back = 0; back < SESSIONS_BACK; back++) {
      const stretch = over(market.bars(symbol, session, 'all', DAY_MS), now)
      if (stretch.end > stretch.first) return [{ ...stretch, session }]
      session = previousSession(session.from, 'all')
    }
    return []
  }
}

/** A day with some more of its bars, or the day of those bars where it is another. */
function grown(day: DaySoFar, { bars, first, end, session: { date } }: Stretch): DaySoFar {
  const regular = sessionOn(date, 'rth')!
  let { open, high, low, volume } = day.date === date ? day : newDay(date)
  for (let i = first; i < end; i++) {
    volume += bars.volume[i]!
    if (bars.time[i]! < regular.from || bars.time[i]! >= regular.to) continue
    open ??= bars.open[i]!
    high = Math.max(bars.high[i]!, high ?? 0)
    low = Math.min(bars.low[i]!, low ?? Number.POSITIVE_INFINITY)
  }
  return { date, open, high, low, volume }
}

function lastTick(symbol: string, { bars, stepMs, first, end }: Stretch): Tick | null {
  for (let i = end - 1; i >= first; i--)
    if (bars.volume[i]! > 0) return ticksOf(symbol, bars.at(i), stepMs).at(-1)!
  return null
}
