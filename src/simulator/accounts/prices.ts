import { dayNumberOf } from '../../market/calendarDate.ts'
import { lowerBound } from '../../market/series.ts'
import {
  exchangeDate,
  previousSession,
  type Session,
  type SessionKind,
  sessionAt,
} from '../../market/session.ts'
import { DAY_MS, type EpochMs, epochMs } from '../../market/time.ts'
import { newYorkInstant } from '../../market/zone.ts'
import type { MarketSource } from '../market.ts'

/** What a stock trades at. */
export interface Prices {
  /** The last price, or null where the market has none yet. */
  last(symbol: string): number | null
  /** Where the regular session before today closed, or null where the market does not know. */
  previousClose(symbol: string): number | null
}

/** How many sessions back a last price is looked for. */
const SESSIONS_BACK = 5

/** The prices of a market at the time that `now` tells. */
export const pricesOf = (market: MarketSource, now: () => EpochMs): Prices => ({
  last(symbol) {
    const [at, kind] = [now(), 'all'] as const
    const today = sessionAt(at, kind) ?? previousSession(at, kind)
    return lastTraded(market, symbol, { session: today, kind, at })
  },
  previousClose(symbol) {
    const at = newYorkInstant(dayNumberOf(exchangeDate(now())), 0)
    const [session, kind] = [previousSession(at, 'rth'), 'rth'] as const
    return lastTraded(market, symbol, { session, kind, at })
  },
})

interface Look {
  readonly session: Session
  readonly kind: SessionKind
  /** Only bars that are over by then count. */
  readonly at: EpochMs
}

function lastTraded(market: MarketSource, symbol: string, { session, kind, at }: Look): number | null {
  for (let back = 0, on = session; back < SESSIONS_BACK; back++, on = previousSession(on.from, kind)) {
    const { bars, stepMs, first, end } = market.bars(symbol, on, kind, DAY_MS)
    const over = Math.min(end, lowerBound(bars, epochMs(at - stepMs + 1)))
    if (over > first) return bars.close[over - 1]!
  }
  return null
}
