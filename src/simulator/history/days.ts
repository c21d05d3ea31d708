import { type Bar, BarSeries } from '../../market/series.ts'
import { type SessionKind, sessionOn } from '../../market/session.ts'
import type { MarketSource } from '../market.ts'
import { remembered } from '../remembered.ts'
import { sessionBars } from './sessionBars.ts'
import type { Shown } from './shown.ts'
import { stepNamed } from './step.ts'

interface DayWish {
  readonly symbol: string
  /** `YYYY-MM-DD`, with a session. */
  readonly date: string
  readonly session: SessionKind
  readonly shown: Shown
}

/** The bar of a whole session, as it was traded; none where nothing was. */
export type Days = (wish: DayWish) => readonly Bar[]

/** Sixteen years of one symbol. */
const MAX_DAYS = 4_096

/** The days of a market. They are remembered: a generated day takes some milliseconds, and years of them are asked for. */
export function daysOf(market: MarketSource): Days {
  const room = new BarSeries(MOST_QUOTES)
  const days = remembered(MAX_DAYS, (key) => {
    const [symbol, date, session, shown] = key.split(' ') as [string, string, SessionKind, Shown]
    return dayOf(market, { symbol, date, session, shown }, room)
  })
  return ({ symbol, date, session, shown }) => days(`${symbol} ${date} ${session} ${shown}`)
}

const DAY = stepNamed('1 day')!
const SETTLED = { quietBars: 'missing', newestBarsLagMs: 0, newestBarsUnsettledMs: 0 } as const

/** Two for each of the seconds from 04:00 to 20:00, and two. */
const MOST_QUOTES = 115_202

function dayOf(market: MarketSource, wish: DayWish, room: BarSeries): readonly Bar[] {
  const { symbol, date, session: kind, shown } = wish
  const session = sessionOn(date, kind)!
  const plan = { step: DAY, session: kind, shown, from: session.from, to: session.to }
  return [...sessionBars({ market, symbol, plan, now: session.to, switches: SETTLED, room }, session)]
}
