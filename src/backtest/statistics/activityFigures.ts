import { type Answer, unless } from './answer.ts'
import { mean } from './moments.ts'

/** What an account did, as columns as long as its candles. */
interface Activity {
  readonly equity: Float64Array
  readonly held: Float64Array
  /** Σ price × quantity of every fill. */
  readonly traded: number
}

/**
 * `exposure`: the share of candles at whose close shares are held. `turnover`: how often the mean equity changed hands,
 * both sides counted, over the whole run.
 */
export function activityFigures(activity: Activity): Record<'exposure' | 'turnover', Answer> {
  const { equity, held, traded } = activity
  const none = equity.length === 0 ? 'there are no candles' : null
  return {
    exposure: unless(none, () => shareHeld(held)),
    turnover: unless(none, () => traded / mean(equity)),
  }
}

function shareHeld(held: Float64Array): number {
  let count = 0
  for (let i = 0; i < held.length; i++) if (held[i] !== 0) count++
  return count / held.length
}
