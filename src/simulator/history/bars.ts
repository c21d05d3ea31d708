import { calendarDate } from '../../market/calendarDate.ts'
import { type Bar, BarSeries } from '../../market/series.ts'
import { exchangeDate, type Session, sessionsBetween } from '../../market/session.ts'
import { type EpochMs, epochMs } from '../../market/time.ts'
import { newYorkDay, newYorkInstant } from '../../market/zone.ts'
import type { MarketSource } from '../market.ts'
import { divided, sharesFor } from '../splits.ts'
import type { Switches } from '../switches.ts'
import type { Days } from './days.ts'
import { foldDays, mergeOf } from './fold.ts'
import type { HistoryPlan } from './plan.ts'
import { sessionBars } from './sessionBars.ts'
import { isQuoteKind } from './shown.ts'
import type { Step } from './step.ts'

export interface HistoryDeps {
  readonly market: MarketSource
  /** Sessions that are over as bars of days. */
  readonly days: Days
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
  const adjust = adjustmentOf(session, asked)
  for (const bar of madeOf(asked, session))
    if (bar.time >= plan.from && bar.time < plan.to) bars.push(adjust(bar))
}

function madeOf(asked: Asked, session: Session): Iterable<Bar> {
  const { symbol, plan, now, switches, days } = asked
  const settled = session.to + switches.newestBarsLagMs + switches.newestBarsUnsettledMs
  const isWholeDay = plan.step.unit !== 'clock' && plan.from <= session.from && settled <= now
  if (!isWholeDay) return sessionBars(asked, session)
  return days({ symbol, date: session.date, session: plan.session, shown: plan.shown })
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

function periodsOf(bars: BarSeries, plan: HistoryPlan): BarSeries {
  if (plan.step.unit === 'week') return foldDays(bars, weekOf, mergeOf(plan.shown))
  return plan.step.unit === 'month' ? foldDays(bars, monthOf, mergeOf(plan.shown)) : bars
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
