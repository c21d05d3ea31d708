import { calendarDate } from '../../market/calendarDate.ts'
import { type Bar, BarSeries } from '../../market/series.ts'
import { exchangeDate, type Session, sessionOn, sessionsBetween } from '../../market/session.ts'
import { type EpochMs, earlier, epochMs, floorTo, later, plus, type TimeRange } from '../../market/time.ts'
import { newYorkDay, newYorkInstant } from '../../market/zone.ts'
import { type MarketBars, type MarketSource, within } from '../market.ts'
import { divided, sharesFor } from '../splits.ts'
import type { Switches } from '../switches.ts'
import { asAverages, asTrades, barEnd, barStart, foldDays, foldSession, type Merge, over } from './fold.ts'
import { unsettled } from './newest.ts'
import type { HistoryPlan } from './plan.ts'
import { type Quiet, withQuietBars } from './quietBars.ts'
import { quoteBars } from './quoteBars.ts'
import { isQuoteKind, type QuoteKind } from './shown.ts'
import type { Step } from './step.ts'

export interface HistoryDeps {
  readonly market: MarketSource
  readonly now: EpochMs
  readonly switches: Pick<
    Switches,
    'quietBars' | 'newestBarsLagMs' | 'newestBarsUnsettledMs' | 'splitAdjusted'
  >
}

/**
 * The bars that start in the plan's range, whole, but for the one still forming now: that one holds what has traded so
 * far. A second has to be over.
 */
export function barsOf(deps: HistoryDeps, symbol: string, plan: HistoryPlan): BarSeries {
  const bars = new BarSeries()
  for (const session of sessionsBetween(plan, plan.session))
    addSession(bars, { ...deps, symbol, plan }, session)
  return periodsOf(bars, plan)
}

/** Does its work now or later, and resolves when it is done; rejects when it is taken back. */
export type InTurn = (work: () => void) => Promise<void>

/** The same, with a turn for each session to let others work; rejects when a turn does. */
export async function barsInTurns(
  { inTurn, ...deps }: HistoryDeps & { readonly inTurn: InTurn },
  symbol: string,
  plan: HistoryPlan,
): Promise<BarSeries> {
  const bars = new BarSeries(2_048)
  for (const session of sessionsBetween(plan, plan.session))
    await inTurn(() => addSession(bars, { ...deps, symbol, plan }, session))
  return periodsOf(bars, plan)
}

interface Asked extends HistoryDeps {
  readonly symbol: string
  readonly plan: HistoryPlan
}

function addSession(bars: BarSeries, asked: Asked, session: Session): void {
  const { plan } = asked
  const made = isQuoteKind(plan.shown) ? quotes(asked, session, plan.shown) : trades(asked, session)
  const adjust = adjustmentOf(session, asked)
  for (const bar of made) if (bar.time >= plan.from && bar.time < plan.to) bars.push(adjust(bar))
}

/** Makes of a session's bars what they would be had all splits until now been made before. */
function adjustmentOf({ date }: Session, asked: Asked): (bar: Bar) => Bar {
  const { market, symbol, plan, now, switches } = asked
  const isAdjusted = switches.splitAdjusted || plan.shown === 'ADJUSTED_LAST'
  const shares = isAdjusted ? sharesFor(market.splits(symbol), date, exchangeDate(now)) : 1
  if (shares === 1) return (bar) => bar
  // The volume of a bar of quotes is the time for which they hold.
  const volumeOf = (bar: Bar) => (isQuoteKind(plan.shown) ? bar.volume : bar.volume * shares)
  return (bar) => ({ ...divided(bar, shares), volume: Math.round(volumeOf(bar)) })
}

function trades(asked: Asked, session: Session): BarSeries {
  const { market, symbol, plan, switches } = asked
  const source = market.bars(symbol, session, plan.session, plan.step.ms)
  const traded = within(source, rangeIn(session, asked))
  const bars = foldSession(over(unsettled(traded, asked), knownUntil(asked)), session, plan.step, asTrades)
  return switches.quietBars === 'missing' ? bars : withQuietBars(bars, quiet(asked, session, traded))
}

function quiet(asked: Asked, session: Session, { bars, first, stepMs }: MarketBars): Quiet {
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
function quotes(asked: Asked, session: Session, shown: QuoteKind): BarSeries {
  const { market, symbol, plan } = asked
  const source = market.bars(symbol, sessionOn(session.date, 'all')!, 'all', plan.step.ms)
  const range = rangeIn(session, asked)
  const to = earlier(range.to, floorTo(knownUntil(asked), source.stepMs))
  const wish = { symbol, shown, range: { from: range.from, to }, barEnd: barEnd(session, plan.step) }
  const quoted = quoteBars(over(source, to), wish)
  const parts = { stepMs: source.stepMs, bars: quoted, first: 0, end: quoted.length }
  return foldSession(parts, session, plan.step, mergeOf(plan))
}

const rangeIn = (session: Session, { plan }: Asked): TimeRange => ({
  from: later(session.from, plan.from),
  to: earlier(session.to, plus(plan.to, plan.step.ms)),
})

const knownUntil = ({ now, switches }: Asked): EpochMs => plus(now, -switches.newestBarsLagMs)

const mergeOf = ({ shown }: HistoryPlan): Merge => (shown === 'BID_ASK' ? asAverages : asTrades)

function periodsOf(bars: BarSeries, plan: HistoryPlan): BarSeries {
  if (plan.step.unit === 'week') return foldDays(bars, weekOf, mergeOf(plan))
  return plan.step.unit === 'month' ? foldDays(bars, monthOf, mergeOf(plan)) : bars
}

/** Where the week or month of an instant begins; other bars begin where they begin. */
export function periodStart({ unit }: Step, at: EpochMs): EpochMs {
  const day = newYorkDay(at)
  if (unit === 'week') return newYorkInstant(day - ((day + 3) % 7), 0)
  return unit === 'month' ? newYorkInstant(day - calendarDate(day).day + 1, 0) : at
}

/** Weeks begin on Monday, and 1970-01-01 was a Thursday. */
const weekOf = (time: number): number => Math.floor((newYorkDay(epochMs(time)) + 3) / 7)

const monthOf = (time: number): number => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth()
