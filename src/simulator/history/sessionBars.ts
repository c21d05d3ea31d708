import type { BarSeries } from '../../market/series.ts'
import { type Session, sessionOn } from '../../market/session.ts'
import { type EpochMs, earlier, floorTo, later, plus, type TimeRange } from '../../market/time.ts'
import { type MarketBars, type MarketSource, within } from '../market.ts'
import type { Switches } from '../switches.ts'
import { asTrades, barEnd, barStart, foldSession, mergeOf, over } from './fold.ts'
import { unsettled } from './newest.ts'
import type { HistoryPlan } from './plan.ts'
import { type Quiet, withQuietBars } from './quietBars.ts'
import { quoteBars } from './quoteBars.ts'
import { isQuoteKind, type QuoteKind } from './shown.ts'

export interface SessionWish {
  readonly market: MarketSource
  readonly symbol: string
  readonly plan: Pick<HistoryPlan, 'step' | 'session' | 'shown' | 'from' | 'to'>
  readonly now: EpochMs
  readonly switches: Pick<Switches, 'quietBars' | 'newestBarsLagMs' | 'newestBarsUnsettledMs'>
  /** Where a session's quotes are made before they are folded. */
  readonly room?: BarSeries
}

/** The bars of one session that reach into the plan's range, as far as they are known now. */
export const sessionBars = (asked: SessionWish, session: Session): BarSeries =>
  isQuoteKind(asked.plan.shown) ? quotes(asked, session, asked.plan.shown) : trades(asked, session)

function trades(asked: SessionWish, session: Session): BarSeries {
  const { market, symbol, plan, switches } = asked
  const source = market.bars(symbol, session, plan.session, plan.step.ms)
  const traded = within(source, rangeIn(session, asked))
  const bars = foldSession(over(unsettled(traded, asked), knownUntil(asked)), session, plan.step, asTrades)
  return switches.quietBars === 'missing' ? bars : withQuietBars(bars, quiet(asked, session, traded))
}

function quiet(asked: SessionWish, session: Session, { bars, first, stepMs }: MarketBars): Quiet {
  const { from, to } = rangeIn(session, asked)
  const hasTraded = first > 0 && bars.time[first - 1]! >= session.from
  return {
    startOf: barStart(session, asked.plan.step),
    endOf: barEnd(session, asked.plan.step),
    range: { from, to: earlier(to, floorTo(knownUntil(asked), stepMs)) },
    priceBefore: hasTraded ? bars.close[first - 1]! : null,
  }
}

/** Quotes stand on from before the open: those of regular hours are cut out of all hours'. */
function quotes(asked: SessionWish, session: Session, shown: QuoteKind): BarSeries {
  const { market, symbol, plan } = asked
  const source = market.bars(symbol, sessionOn(session.date, 'all')!, 'all', plan.step.ms)
  const range = rangeIn(session, asked)
  const to = earlier(range.to, floorTo(knownUntil(asked), source.stepMs))
  const wish = { symbol, shown, range: { from: range.from, to }, barEnd: barEnd(session, plan.step) }
  const quoted = quoteBars(over(source, to), wish, asked.room)
  const parts = { stepMs: source.stepMs, bars: quoted, first: 0, end: quoted.length }
  return foldSession(parts, session, plan.step, mergeOf(plan.shown))
}

const rangeIn = (session: Session, { plan }: SessionWish): TimeRange => ({
  from: later(session.from, plan.from),
  to: earlier(session.to, plus(plan.to, plan.step.ms)),
})

const knownUntil = ({ now, switches }: SessionWish): EpochMs => plus(now, -switches.newestBarsLagMs)
