import { dayNumberOf } from '../../market/calendarDate.ts'
import { type Bar, BarSeries, lowerBound } from '../../market/series.ts'
import type { Session } from '../../market/session.ts'
import { type EpochMs, earlier, epochMs, later } from '../../market/time.ts'
import { tradedValue, vwapOf } from '../../market/vwap.ts'
import { newYorkInstant } from '../../market/zone.ts'
import type { MarketBars } from '../market.ts'
import { toStep } from '../quotes.ts'
import type { Shown } from './shown.ts'
import type { Step } from './step.ts'

/** Makes one bar of the bars first <= i < end. */
export type Merge = (bars: BarSeries, first: number, end: number, time: EpochMs) => Bar

/**
 * The bars of one session, cut as IB cuts them: by New York's clock from midnight on, the first at the session's
 * open (an hour's regular bars begin 09:30, 10:00, 11:00). Days, weeks and months give one bar for the session, at its
 * open.
 */
export function foldSession(source: MarketBars, session: Session, step: Step, merge: Merge): BarSeries {
  const { bars, stepMs, first, end } = source
  const startOf = barStart(session, step)
  return step.ms === stepMs
    ? copied(bars, first, end, startOf)
    : foldRuns(bars, { first, end, keyOf: startOf, timeOf: (i) => startOf(bars.time[i]!), merge })
}

/** What of a stretch is over at `now`: the last bar made of it may still be forming. */
export function over(source: MarketBars, now: EpochMs): MarketBars {
  const end = lowerBound(source.bars, epochMs(now - source.stepMs + 1))
  return { ...source, end: Math.min(source.end, end) }
}

/** Bars of weeks or months out of bars of days: neighbours of one period become one, dated by its last session. */
export const foldDays = (days: BarSeries, periodOf: (time: number) => number, merge: Merge): BarSeries =>
  foldRuns(days, {
    first: 0,
    end: days.length,
    keyOf: periodOf,
    timeOf: (i) => epochMs(days.time[i]!),
    merge,
  })

/** Where the bar of a session that holds an instant begins. */
export function barStart(session: Session, step: Step): (time: number) => EpochMs {
  if (step.unit !== 'clock') return () => session.from
  const midnight = newYorkInstant(dayNumberOf(session.date), 0)
  return (time) => later(epochMs(time - ((time - midnight) % step.ms)), session.from)
}

/** Where the bar of a session that holds an instant ends. */
export function barEnd(session: Session, step: Step): (time: EpochMs) => EpochMs {
  if (step.unit !== 'clock') return () => session.to
  const midnight = newYorkInstant(dayNumberOf(session.date), 0)
  return (time) => earlier(epochMs(time - ((time - midnight) % step.ms) + step.ms), session.to)
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
  readonly merge: Merge
}

function foldRuns(bars: BarSeries, { first, end, keyOf, timeOf, merge }: Runs): BarSeries {
  const folded = new BarSeries()
  for (let i = first; i < end; ) {
    const key = keyOf(bars.time[i]!)
    let next = i + 1
    while (next < end && keyOf(bars.time[next]!) === key) next++
    folded.push(merge(bars, i, next, timeOf(next - 1)))
    i = next
  }
  return folded
}

/** Open of the first, high, low, close of the last; vwap and count are null where a part has none. */
export const asTrades: Merge = (bars, first, end, time) => {
  let [volume, value, count] = [0, 0, 0]
  for (let i = first; i < end; i++) {
    volume += bars.volume[i]!
    value += tradedValue(bars.vwap[i]!, bars.volume[i]!)
    count += bars.tradeCount[i]!
  }
  const vwap = vwapOf(value, volume)
  return {
    time,
    ...reachOf(bars, first, end),
    ...{ open: bars.open[first]!, close: bars.close[end - 1]!, volume },
    ...{ vwap: vwap === null ? null : toStep(vwap), tradeCount: Number.isNaN(count) ? null : count },
  }
}

/** How bars of a kind become longer ones. */
export const mergeOf = (shown: Shown): Merge => (shown === 'BID_ASK' ? asAverages : asTrades)

/** Open and close as averages over the time that `volume` tells: IB's reading of BID_ASK. */
const asAverages: Merge = (bars, first, end, time) => {
  let [volume, open, close] = [0, 0, 0]
  for (let i = first; i < end; i++) {
    volume += bars.volume[i]!
    open += bars.open[i]! * bars.volume[i]!
    close += bars.close[i]! * bars.volume[i]!
  }
  const averages = { open: open / volume, close: close / volume }
  return { time, ...reachOf(bars, first, end), ...averages, volume, vwap: null, tradeCount: null }
}

function reachOf(bars: BarSeries, first: number, end: number): Pick<Bar, 'high' | 'low'> {
  let [high, low] = [bars.high[first]!, bars.low[first]!]
  for (let i = first; i < end; i++) {
    high = Math.max(high, bars.high[i]!)
    low = Math.min(low, bars.low[i]!)
  }
  return { high, low }
}
