import type { Balance } from '../execution/book.ts'
import type { BarSeries } from '../market/series.ts'

/** What an account was worth and held at each candle's close, as columns. */
export interface AccountCurve {
  readonly equity: Float64Array
  readonly held: Float64Array
}

/** From the balances of a book over these candles. */
export function accountCurve({ close, length }: BarSeries, balances: readonly Balance[]): AccountCurve {
  const [equity, held] = [new Float64Array(length), new Float64Array(length)]
  for (const [k, { from, cash, shares }] of balances.entries()) {
    const to = balances[k + 1]?.from ?? length
    held.fill(shares, from, to)
    for (let i = from; i < to; i++) equity[i] = cash + shares * close[i]!
  }
  return { equity, held }
}
