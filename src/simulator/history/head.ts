import { type Session, type SessionKind, sessionOn, sessionsBetween } from '../../market/session.ts'
import { DAY_MS, type EpochMs, epochMs, later, plus } from '../../market/time.ts'
import { type MarketSource, within } from '../market.ts'
import { isQuoteKind, type Shown } from './shown.ts'

export interface HeadWish {
  readonly symbol: string
  readonly session: SessionKind
  readonly shown: Shown
}

/** So long after a symbol's first bar something is looked for in the hours asked for. */
const REACH_MS = 30 * DAY_MS

/** Where a symbol's data of a kind begin in the hours asked for, or null where there are none. */
export function headTime(market: MarketSource, wish: HeadWish): EpochMs | null {
  const first = market.firstTime(wish.symbol)
  if (first === null) return null
  for (const session of sessionsBetween({ from: first, to: plus(first, REACH_MS) }, wish.session)) {
    const time = firstIn(session, market, wish)
    if (time !== null) return time
  }
  return null
}

/** Trades begin with the first one of the hours; quotes stand from the first trade of the day on. */
function firstIn(
  session: Session,
  market: MarketSource,
  { symbol, session: kind, shown }: HeadWish,
): EpochMs | null {
  const known = isQuoteKind(shown) ? 'all' : kind
  const hours = sessionOn(session.date, known)!
  const { bars, first, end } = within(market.bars(symbol, hours, known, DAY_MS), {
    from: hours.from,
    to: session.to,
  })
  return first < end ? later(epochMs(bars.time[first]!), session.from) : null
}
