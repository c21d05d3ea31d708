import { type Bar, BarSeries } from '../../market/series.ts'
import type { EpochMs } from '../../market/time.ts'
import type { MarketBars } from '../market.ts'
import type { Switches } from '../switches.ts'

interface Newest {
  readonly now: EpochMs
  readonly switches: Pick<Switches, 'newestBarsUnsettledMs'>
}

/** A stretch whose newest bars hold only their first trade, as long as they are younger than the switch says. */
export function unsettled(source: MarketBars, { now, switches }: Newest): MarketBars {
  const settledUntil = now - switches.newestBarsUnsettledMs
  const isSettled = (i: number) => source.bars.time[i]! + source.stepMs <= settledUntil
  if (source.end === source.first || isSettled(source.end - 1) || switches.newestBarsUnsettledMs === 0)
    return source
  const bars = new BarSeries(source.end - source.first)
  for (let i = source.first; i < source.end; i++)
    bars.push(isSettled(i) ? source.bars.at(i) : firstTrade(source.bars.at(i)))
  return { stepMs: source.stepMs, bars, first: 0, end: bars.length }
}

const firstTrade = (bar: Bar): Bar => ({
  ...bar,
  ...{ high: bar.open, low: bar.open, close: bar.open },
  ...{ volume: 1, vwap: bar.open, tradeCount: 1 },
})
