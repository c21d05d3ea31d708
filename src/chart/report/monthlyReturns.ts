import type { EpochMs } from '../../market/time.ts'
import { exchangeDay } from '../exchangeTime.ts'
import type { ChartSubject } from '../subject.ts'

/** What a month of New York's calendar gained, as fractions; null where there is nothing to tell. */
export interface MonthlyReturn {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly strategy: number | null
  readonly hold: number | null
}

/** Each month from its last close before to its own last one; the first from the cash at the start and its open. */
export function monthlyReturns({ request, outcome: { candles, lines } }: ChartSubject): MonthlyReturn[] {
  const months: MonthlyReturn[] = []
  let [equity, price] = [request.initialCash, candles.open[0]!]
  for (const i of lastOfMonths(candles.time.subarray(0, candles.length))) {
    const { year, month } = exchangeDay(candles.time[i] as EpochMs)
    const [newEquity, newPrice] = [lines.equity[i]!, candles.close[i]!]
    months.push({ year, month, strategy: gain(equity, newEquity), hold: gain(price, newPrice) })
    ;[equity, price] = [newEquity, newPrice]
  }
  return months
}

/** Several months' gains, one on the other; null where one is unknown. */
export const compounded = (gains: readonly (number | null)[]): number | null =>
  gains.reduce((sum, each) => (sum === null || each === null ? null : (1 + sum) * (1 + each) - 1), 0)

function gain(before: number, after: number): number | null {
  const fraction = after / before - 1
  return Number.isFinite(fraction) ? fraction : null
}

/** The indexes of the last candle in each month. */
function lastOfMonths(times: Float64Array): number[] {
  const monthOf = (i: number) => {
    const { year, month } = exchangeDay(times[i] as EpochMs)
    return year * 12 + month
  }
  const last: number[] = []
  for (let i = 0; i < times.length; i++) {
    if (i === times.length - 1 || monthOf(i) !== monthOf(i + 1)) last.push(i)
  }
  return last
}
