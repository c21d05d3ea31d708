import { type Answer, unless } from './answer.ts'
import { mean } from './moments.ts'

/** What an account did. */
interface Activity {
  /** At each candle's close. */
  readonly equity: Float64Array
  /** Candles at whose close it held shares. */
  readonly candlesHeld: number
  /** Σ price × quantity of every fill. */
  readonly traded: number
}

/**
 * `exposure`: the share of candles at whose close shares are held. `turnover`: how often the mean equity changed hands,
 * both sides counted, over the whole run.
 */
export function activityFigures(activity: Activity): Record<'exposure' | 'turnover', Answer> {
  const { equity, candlesHeld, traded } = activity
  const none = equity.length === 0 ? 'there are no candles' : null
  return {
    exposure: unless(none, () => candlesHeld / equity.length),
    turnover: unless(none, () => traded / mean(equity)),
  }
}
