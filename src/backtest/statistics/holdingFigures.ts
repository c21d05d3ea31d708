import { type Answer, unless } from './answer.ts'
import { regression } from './moments.ts'
import { doesNotVary, tooFewToSay } from './sampleSize.ts'
import { SESSIONS_PER_YEAR } from './sessionReturns.ts'

/** Returns of the same sessions: the strategy's, and those of holding the symbol. */
interface Compared {
  readonly returns: Float64Array
  readonly holding: Float64Array
  /** Of the whole time. */
  readonly holdingReturn: number
}

/**
 * The strategy beside holding the symbol: all of the initial cash buys it at the open of the first candle, fractions of
 * a share and no costs, and is marked to the last close. Without dividends, as everything here (strategy, F7).
 */
export function holdingFigures(compared: Compared): Record<'buyAndHoldReturn' | 'alpha' | 'beta', Answer> {
  const { returns, holding, holdingReturn } = compared
  const none = holding.length === 0 ? 'there are no candles' : null
  const flat = tooFewToSay(returns) ?? doesNotVary(holding)
  return {
    buyAndHoldReturn: unless(none, () => holdingReturn),
    alpha: unless(flat, () => jensensAlpha(returns, holding)),
    beta: unless(flat, () => betaOf(returns, holding)),
  }
}

/** cov(strategy, holding) ÷ var(holding): the slope of the regression of session returns. */
export const betaOf = (returns: Float64Array, holding: Float64Array): number =>
  regression(holding, returns).slope

/** (mean(strategy) − beta · mean(holding)) × 252: the intercept, annualised without compounding (M. Jensen, 1968). */
export const jensensAlpha = (returns: Float64Array, holding: Float64Array): number =>
  regression(holding, returns).intercept * SESSIONS_PER_YEAR
