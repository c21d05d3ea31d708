import { lowerBound } from '../../market/series.ts'
import { type Session, type SessionKind, sessionsBetween } from '../../market/session.ts'
import { DAY_MS, type EpochMs, earlier, epochMs, plus, type TimeRange } from '../../market/time.ts'
import { type MarketBars, type MarketSource, within } from '../market.ts'
import { newsOf, type TickKind } from './kinds.ts'
import { type Tick, ticksOf } from './tick.ts'

export interface PastWish {
  readonly symbol: string
  readonly session: SessionKind
  readonly kind: TickKind
  readonly count: number
  readonly ignoreSize: boolean
}

/** How far ticks are looked for. */
const REACH_MS = 10 * DAY_MS

/** The first `count` ticks at or after `from` that are over at `now`, and all others of the last one's second. */
export function ticksAfter(market: MarketSource, wish: PastWish, from: EpochMs, now: EpochMs): Tick[] {
  const range = { from, to: earlier(now, plus(from, REACH_MS)) }
  const isNew = newsOf(wish.kind, wish.ignoreSize)
  const found: Tick[] = []
  for (const session of sessionsBetween(range, wish.session)) {
    const stretch = overIn(market, wish, session, { from, to: now })
    for (let i = stretch.first; i < stretch.end && found.length <= wish.count; i++)
      found.push(
        ...ticksIn(stretch, wish.symbol, i, i + 1).filter((tick) => tick.time >= from && isNew(tick)),
      )
  }
  const last = found[wish.count - 1]
  return last ? found.filter(({ time }) => time <= last.time) : found
}

/** The last `count` ticks before `to`, and all others of the first one's second. */
export function ticksBefore(market: MarketSource, wish: PastWish, to: EpochMs): Tick[] {
  let found: Tick[] = []
  for (const session of sessionsBetween({ from: plus(to, -REACH_MS), to }, wish.session).toReversed()) {
    const stretch = overIn(market, wish, session, { from: session.from, to })
    found = [...lastIn(stretch, wish, wish.count - found.length), ...found]
    if (found.length >= wish.count) break
  }
  const first = found.at(-wish.count)
  return first ? found.filter(({ time }) => time >= first.time) : found
}

/** At least the last `count` ticks of a stretch, from as few of its bars as have them. */
function lastIn(stretch: MarketBars, wish: PastWish, count: number): Tick[] {
  for (let bars = count + 1; ; bars *= 4) {
    const from = Math.max(stretch.first, stretch.end - bars)
    const ticks = ticksIn(stretch, wish.symbol, from, stretch.end).filter(newsOf(wish.kind, wish.ignoreSize))
    // Of the first tick nobody knows here whether it told anything new.
    if (from === stretch.first || ticks.length > count) return ticks
  }
}

/** The bars of a session that are over at the range's end. */
function overIn(
  market: MarketSource,
  { symbol, session: kind }: PastWish,
  session: Session,
  range: TimeRange,
): MarketBars {
  const reel = within(market.bars(symbol, session, kind, DAY_MS), range)
  return { ...reel, end: Math.min(reel.end, lowerBound(reel.bars, epochMs(range.to - reel.stepMs + 1))) }
}

function ticksIn({ bars, stepMs }: MarketBars, symbol: string, first: number, end: number): Tick[] {
  const ticks: Tick[] = []
  for (let i = first; i < end; i++) ticks.push(...ticksOf(symbol, bars.at(i), stepMs))
  return ticks
}
