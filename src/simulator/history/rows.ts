import type { BarSeries } from '../../market/series.ts'
import type { EpochMs } from '../../market/time.ts'
import { epochSeconds, exchangeDay, zonedTime } from '../wireTime.ts'
import type { Step } from './step.ts'

/** `1` in the exchange's time, `2` in epoch seconds. Bars of days and longer are dates in both. */
export type DateFormat = 1 | 2

const NOT_AVAILABLE = '-1'

/** The bars `from` <= i as the tail of a historicalData message: eight fields each, NUL between all of them. */
export function barRows(bars: BarSeries, step: Step, format: DateFormat, hasVolume: boolean): string {
  const dateOf = dateText(step, format)
  const rows: string[] = []
  for (let i = 0; i < bars.length; i++) {
    const date = dateOf(bars.time[i] as EpochMs)
    const prices = `${bars.open[i]}\0${bars.high[i]}\0${bars.low[i]}\0${bars.close[i]}`
    rows.push(`${date}\0${prices}\0${hasVolume ? volumeText(bars, i) : NO_VOLUME}`)
  }
  return rows.join('\0')
}

const NO_VOLUME = [NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE].join('\0')

const volumeText = (bars: BarSeries, i: number) =>
  `${bars.volume[i]}\0${orNotAvailable(bars.vwap[i]!)}\0${orNotAvailable(bars.tradeCount[i]!)}`

const orNotAvailable = (value: number) => (Number.isNaN(value) ? NOT_AVAILABLE : String(value))

const dateText = (step: Step, format: DateFormat): ((time: EpochMs) => string) =>
  step.unit !== 'clock' ? exchangeDay : format === 2 ? epochSeconds : zonedTime
