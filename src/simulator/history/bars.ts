import { BarSeries } from '../../market/series.ts'
import { type Session, sessionsBetween } from '../../market/session.ts'
import { type EpochMs, earlier, epochMs, later, plus } from '../../market/time.ts'
import { newYorkDay } from '../../market/zone.ts'
import { type MarketSource, within } from '../market.ts'
import { foldDays, foldSession } from './fold.ts'
import type { HistoryPlan } from './plan.ts'
import type { Step } from './step.ts'

export interface HistoryDeps {
  readonly market: MarketSource
  readonly now: EpochMs
  /** Called between sessions, to let others work; rejects when the query has been taken back. */
  readonly pause: () => Promise<void>
}

/**
 * The bars that start in the plan's range, whole, but for the one still forming now: that one holds what has traded so
 * far. A second has to be over.
 */
export async function barsOf(deps: HistoryDeps, symbol: string, plan: HistoryPlan): Promise<BarSeries> {
  const bars = new BarSeries(2_048)
  for (const session of sessionsBetween(plan, plan.session)) {
    await deps.pause()
    for (const bar of sessionBars(deps, symbol, plan, session))
      if (bar.time >= plan.from && bar.time < plan.to) bars.push(bar)
  }
  return periodsOf(bars, plan.step)
}

function sessionBars(
  { market, now }: HistoryDeps,
  symbol: string,
  plan: HistoryPlan,
  session: Session,
): BarSeries {
  const source = market.bars(symbol, session, plan.session, plan.step.ms)
  const asked = { from: later(session.from, plan.from), to: earlier(session.to, plus(plan.to, plan.step.ms)) }
  return foldSession(within(source, asked), session, plan.step, now)
}

function periodsOf(bars: BarSeries, { unit }: Step): BarSeries {
  if (unit === 'week') return foldDays(bars, weekOf)
  return unit === 'month' ? foldDays(bars, monthOf) : bars
}

/** Weeks begin on Monday, and 1970-01-01 was a Thursday. */
const weekOf = (time: number): number => Math.floor((newYorkDay(epochMs(time)) + 3) / 7)

const monthOf = (time: number): number => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth()
