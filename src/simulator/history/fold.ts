import { dayNumberOf } from '../../market/calendarDate.ts'
import { type Bar, BarSeries, lowerBound } from '../../market/series.ts'
import type { Session } from '../../market/session.ts'
import { type EpochMs, epochMs, later } from '../../market/time.ts'
import { tradedValue, vwapOf } from '../../market/vwap.ts'
import { newYorkInstant } from '../../market/zone.ts'
import type { MarketBars } from '../market.ts'
import type { Step } from './step.ts'

/**
 * The bars of one session, cut as IB cuts them: by New York's clock from midnight on, the first at the session's
 * open (an hour's regular bars begin 09:30, 10:00, 11:00). Days, weeks and months give one bar for the session, at its
 * open. Only what is over at `now` counts, so the last bar may still be forming.
 */
export function foldSession(source: MarketBars, session: Session, step: Step, now: EpochMs): BarSeries {
  const { bars, stepMs, first } = source
  const over = Math.min(source.end, lowerBound(bars, epochMs(now - stepMs + 1)))
  const startOf = barStart(session, step)
  return step.ms === stepMs
    ? copied(bars, first, over, startOf)
    : foldRuns(bars, { first, end: over, keyOf: startOf, timeOf: (i) => startOf(bars.time[i]!) })
}

/** Bars of weeks or months out of bars of days: neighbours of one period become one, dated by its last session. */
export const foldDays = (days: BarSeries, periodOf: (time: number) => number): BarSeries =>
  foldRuns(days, { first: 0, end: days.length, keyOf: periodOf, timeOf: (i) => epochMs(days.time[i]!) })

function barStart(session: Session, step: Step): (time: number) => EpochMs {
  if (step.unit !== 'clock') return () => session.from
  const midnight = newYorkInstant(dayNumberOf(session.date), 0)
  return (time) => later(epochMs(time - ((time - midnight) % step.ms)), session.from)
}

/** Bars that have the step's length already, unchanged. */
function copied(bars: BarSeries, first: number, end: number, startOf: (time: number) => EpochMs): BarSeries {
  const copy = new BarSeries(end - first)
  for (let i = first; i < end; i++) copy.push({ ...bars.at(i), time: startOf(bars.time[i]!) })
  return copy
}

interface Runs {
  readonly first: number
  readonly end: number
  /** Neighbours with the same key make one bar. */
  readonly keyOf: (time: number) => number
  /** The time of a bar whose last part is bar `i`. */
  readonly timeOf: (i: number) => EpochMs
}

function foldRuns(bars: BarSeries, { first, end, keyOf, timeOf }: Runs): BarSeries {
  const folded = new BarSeries()
  for (let i = first; i < end; ) {
    const key = keyOf(bars.time[i]!)
    let next = i + 1
    while (next < end && keyOf(bars.time[next]!) === key) next++
    folded.push(oneBar(bars, i, next, timeOf(next - 1)))
    i = next
  }
  return folded
}

/** The bars first <= i < end as one; vwap and count are null where a part has none. */
function oneBar(bars: BarSeries, first: number, end: number, time: EpochMs): Bar {
  let [high, low, volume, value, count] = [bars.high[first]!, bars.low[first]!, 0, 0, 0]
  for (let i = first; i < end; i++) {
    high = Math.max(high, bars.high[i]!)
    low = Math.min(low, bars.low[i]!)
    volume += bars.volume[i]!
    value += tradedValue(bars.vwap[i]!, bars.volume[i]!)
    count += bars.tradeCount[i]!
  }
  const [open, close] = [bars.open[first]!, bars.close[end - 1]!]
  const tradeCount = Number.isNaN(count) ? null : count
  return { time, open, high, low, close, volume, vwap: inSteps(vwapOf(value, volume)), tradeCount }
}

/** Averages travel in steps of 1/10000. */
const inSteps = (vwap: number | null) => (vwap === null ? null : Math.round(vwap * 10_000) / 10_000)
