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
import { toStep } from '../quotes.ts'
import { remembered } from '../remembered.ts'
import { sharesFor } from '../splits.ts'
import type { Turns } from '../turns.ts'

/** What a stock trades at. */
export interface Prices {
  /** The last price, or null where the market has none yet. */
  last(symbol: string): number | null
  /** Where the regular session before today closed, in today's shares, or null where the market does not know. */
  previousClose(symbol: string): number | null
}

/**
 * Calls `work` with the prices of `symbols`, each looked up in a turn of its own: to make the day of one that nobody has
 * asked for takes milliseconds. Not called once aborted. Others have their price looked up when it is asked for.
 */
export async function withPrices(
  { prices, turns }: { readonly prices: Prices; readonly turns: Turns },
  symbols: readonly string[],
  work: (prices: Prices) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, Prices>()
  const look = (symbol: string) => void known.set(symbol, fixed(symbol, prices))
  const looks = symbols.map((symbol) => turns.take(() => look(symbol), signal))
  const at = (symbol: string): Prices => known.get(symbol) ?? prices
  const found: Prices = {
    last: (symbol) => at(symbol).last(symbol),
    previousClose: (symbol) => at(symbol).previousClose(symbol),
  }
  await Promise.all([...looks, turns.take(() => work(found), signal)])
}

/** The prices of one symbol as they are now. */
function fixed(symbol: string, prices: Prices): Prices {
  const [last, previousClose] = [prices.last(symbol), prices.previousClose(symbol)]
  return { last: () => last, previousClose: () => previousClose }
}

/** How many sessions back a last price is looked for. */
const SESSIONS_BACK = 5

/** The prices of a market at the time that `now` tells. */
export function pricesOf(market: MarketSource, now: () => EpochMs): Prices {
  const closes = remembered(MAX_CLOSES, (key) => {
    const [symbol, date] = key.split(' ') as [string, string]
    const at = newYorkInstant(dayNumberOf(date), 0)
    const session = previousSession(at, 'rth')
    const close = lastTraded(market, symbol, { session, kind: 'rth', at })
    return close && toStep(close / sharesFor(market.splits(symbol), session.date, date))
  })
  return {
    last(symbol) {
      const [at, kind] = [now(), 'all'] as const
      const today = sessionAt(at, kind) ?? previousSession(at, kind)
      return lastTraded(market, symbol, { session: today, kind, at })
    },
    previousClose: (symbol) => closes(`${symbol} ${exchangeDate(now())}`),
  }
}

/** The last closes that are kept: they are told every second, and lie in another day than the last prices. */
const MAX_CLOSES = 1_024

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
