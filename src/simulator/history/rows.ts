import type { BarSeries } from '../../market/series.ts'
import type { EpochMs } from '../../market/time.ts'
import { toStep } from '../quotes.ts'
import { epochSeconds, exchangeDay, zonedTime } from '../wireTime.ts'
import { isQuoteKind, type Shown } from './shown.ts'
import type { Step } from './step.ts'

/** `1` in the exchange's time, `2` in epoch seconds. Bars of days and longer are dates in both. */
export type DateFormat = 1 | 2

export interface RowStyle {
  readonly step: Step
  readonly format: DateFormat
  readonly shown: Shown
}

export type BarRow = readonly [
  date: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: string,
  wap: string,
  count: string,
]

const NOT_AVAILABLE = '-1'

/** Bars in the words of the wire, in the order of historicalData. Quotes have neither volume, average nor count. */
export function barRows(bars: BarSeries, { step, format, shown }: RowStyle): BarRow[] {
  const dateOf = dateText(step, format)
  const priceOf = shown === 'BID_ASK' ? toStep : (price: number) => price
  const tradesOf = isQuoteKind(shown) ? () => NO_TRADES : tradeTexts
  return Array.from({ length: bars.length }, (_, i) => [
    dateOf(bars.time[i] as EpochMs),
    priceOf(bars.open[i]!),
    priceOf(bars.high[i]!),
    priceOf(bars.low[i]!),
    priceOf(bars.close[i]!),
    ...tradesOf(bars, i),
  ])
}

type TradeTexts = readonly [volume: string, wap: string, count: string]

const NO_TRADES: TradeTexts = [NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE]

const tradeTexts = (bars: BarSeries, i: number): TradeTexts => [
  String(bars.volume[i]),
  orNotAvailable(bars.vwap[i]!),
  orNotAvailable(bars.tradeCount[i]!),
]

const orNotAvailable = (value: number) => (Number.isNaN(value) ? NOT_AVAILABLE : String(value))

const dateText = (step: Step, format: DateFormat): ((time: EpochMs) => string) =>
  step.unit !== 'clock' ? exchangeDay : format === 2 ? epochSeconds : zonedTime
