import type { Balance } from '../execution/book.ts'
import type { BarSeries } from '../market/series.ts'

export interface AccountCurve {
  /** What the account was worth at each candle's close. */
  readonly equity: Float64Array
  /** At so many of them it held shares. */
  readonly candlesHeld: number
}

/** From the balances of a book over these candles. */
export function accountCurve({ close, length }: BarSeries, balances: readonly Balance[]): AccountCurve {
  const equity = new Float64Array(length)
  let candlesHeld = 0
  for (let k = 0; k < balances.length; k++) {
    const { from, cash, shares } = balances[k]!
    const to = balances[k + 1]?.from ?? length
    for (let i = from; i < to; i++) equity[i] = cash + shares * close[i]!
    if (shares !== 0) candlesHeld += to - from
  }
  return { equity, candlesHeld }
}
