import { type Answer, unless } from './answer.ts'
import type { Drawdown } from './drawdown.ts'
import {
  annualVolatility,
  calmarRatio,
  compoundAnnualGrowth,
  probabilisticSharpeOf,
  sharpeRatio,
  sortinoRatio,
} from './ratios.ts'
import { doesNotVary, tooFewToSay, tooShortToCompound } from './sampleSize.ts'

/** An equity curve, summed up. */
interface Curve {
  /** Of its sessions. */
  readonly returns: Float64Array
  /** Last equity ÷ initial cash − 1. */
  readonly totalReturn: number
  readonly drawdown: Drawdown
}

type CurveFigure =
  | 'totalReturn'
  | 'cagr'
  | 'volatility'
  | 'sharpe'
  | 'sortino'
  | 'calmar'
  | 'maxDrawdown'
  | 'maxDrawdownDays'
  | 'probabilisticSharpe'

/** What the equity curve tells, annualised from the returns of sessions. */
export function curveFigures({ returns, totalReturn, drawdown }: Curve): Record<CurveFigure, Answer> {
  const none = returns.length === 0 ? 'there are no candles' : null
  const few = tooFewToSay(returns)
  const short = tooShortToCompound(returns)
  const flat = few ?? doesNotVary(returns)
  const noLoss = few ?? (returns.some((value) => value < 0) ? null : 'no session lost')
  const noFall = short ?? (drawdown.depth > 0 ? null : 'the equity never fell')
  return {
    totalReturn: unless(none, () => totalReturn),
    cagr: unless(short, () => compoundAnnualGrowth(totalReturn, returns.length)),
    volatility: unless(few, () => annualVolatility(returns)),
    sharpe: unless(flat, () => sharpeRatio(returns)),
    sortino: unless(noLoss, () => sortinoRatio(returns)),
    calmar: unless(noFall, () =>
      calmarRatio(compoundAnnualGrowth(totalReturn, returns.length), drawdown.depth),
    ),
    maxDrawdown: unless(none, () => drawdown.depth),
    maxDrawdownDays: unless(none, () => drawdown.days),
    probabilisticSharpe: unless(flat, () => probabilisticSharpeOf(returns)),
  }
}
