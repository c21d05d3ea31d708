import { dayNumberOf } from '../../market/calendarDate.ts'
import { type Bar, BarSeries } from '../../market/series.ts'
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
  const { bars, stepMs, first, end } = source
  const folded = new BarSeries(step.ms === stepMs ? end - first : 64)
  const startOf = barStart(session, step)
  let group: Group | null = null
  for (let i = first; i < end && bars.time[i]! + stepMs <= now; i++) {
    const start = startOf(bars.time[i]!)
    if (group && group.time !== start) folded.push(barOf(group))
    group = group?.time === start ? extended(group, bars, i) : begun(bars, i, start)
  }
  if (group) folded.push(barOf(group))
  return folded
}

/** Bars of weeks or months out of bars of days: neighbours of one period become one, dated by its last session. */
export function foldDays(days: BarSeries, periodOf: (time: EpochMs) => number): BarSeries {
  const folded = new BarSeries()
  let group: Group | null = null
  for (let i = 0; i < days.length; i++) {
    const isSame = i > 0 && periodOf(days.time[i] as EpochMs) === periodOf(days.time[i - 1] as EpochMs)
    if (group && !isSame) folded.push(barOf(group))
    group =
      group && isSame ? { ...extended(group, days, i), time: days.time[i]! } : begun(days, i, days.time[i]!)
  }
  if (group) folded.push(barOf(group))
  return folded
}

function barStart(session: Session, step: Step): (time: number) => EpochMs {
  if (step.unit !== 'clock') return () => session.from
  const midnight = newYorkInstant(dayNumberOf(session.date), 0)
  return (time) => later(epochMs(time - ((time - midnight) % step.ms)), session.from)
}

/** A bar under construction; sums of columns stay NaN where the source has none. */
interface Group {
  time: number
  open: number
  high: number
  low: number
  close: number
  volume: number
  tradedValue: number
  tradeCount: number
}

const begun = (bars: BarSeries, i: number, time: number): Group => ({
  time,
  open: bars.open[i]!,
  high: bars.high[i]!,
  low: bars.low[i]!,
  close: bars.close[i]!,
  volume: bars.volume[i]!,
  tradedValue: tradedValue(bars.vwap[i]!, bars.volume[i]!),
  tradeCount: bars.tradeCount[i]!,
})

function extended(group: Group, bars: BarSeries, i: number): Group {
  group.high = Math.max(group.high, bars.high[i]!)
  group.low = Math.min(group.low, bars.low[i]!)
  group.close = bars.close[i]!
  group.volume += bars.volume[i]!
  group.tradedValue += tradedValue(bars.vwap[i]!, bars.volume[i]!)
  group.tradeCount += bars.tradeCount[i]!
  return group
}

const barOf = ({ tradedValue: sum, tradeCount, ...bar }: Group): Bar => ({
  ...bar,
  time: epochMs(bar.time),
  vwap: vwapOf(sum, bar.volume),
  tradeCount: Number.isNaN(tradeCount) ? null : tradeCount,
})
