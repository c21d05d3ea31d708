import {
  downsideDeviation,
  kurtosis,
  mean,
  normalProbability,
  type Sample,
  sampleDeviation,
  skewness,
} from './moments.ts'
import { SESSIONS_PER_YEAR } from './sessionReturns.ts'

// Returns are those of sessions; the riskless rate is taken as zero throughout.

/** (1 + total)^(252 ÷ sessions) − 1: the growth of a year that would have given the same. */
export const compoundAnnualGrowth = (totalReturn: number, sessions: number): number =>
  (1 + totalReturn) ** (SESSIONS_PER_YEAR / sessions) - 1

/** Sample deviation × √252. */
export const annualVolatility = (returns: Sample): number =>
  sampleDeviation(returns) * Math.sqrt(SESSIONS_PER_YEAR)

/** Mean ÷ sample deviation × √252 (W. Sharpe, The Sharpe Ratio, 1994). */
export const sharpeRatio = (returns: Sample): number =>
  sharpeOfSession(returns) * Math.sqrt(SESSIONS_PER_YEAR)

/** Mean ÷ downside deviation × √252 (F. Sortino and L. Price, 1994), against a target of zero. */
export const sortinoRatio = (returns: Sample): number =>
  (mean(returns) / downsideDeviation(returns)) * Math.sqrt(SESSIONS_PER_YEAR)

/** Compound annual growth ÷ deepest drawdown (T. Young, 1991, over the whole run). */
export const calmarRatio = (annualGrowth: number, drawdown: number): number => annualGrowth / drawdown

/** How confident one may be that the true Sharpe ratio lies above zero, from 0 to 1. */
export const probabilisticSharpeOf = (returns: Sample): number =>
  probabilisticSharpe({
    sharpe: sharpeOfSession(returns),
    benchmark: 0,
    length: returns.length,
    skewness: skewness(returns),
    kurtosis: kurtosis(returns),
  })

interface ObservedSharpe {
  /** Of the sample's own period, not annualised; `benchmark` likewise. */
  readonly sharpe: number
  readonly benchmark: number
  /** Of the sample. */
  readonly length: number
  readonly skewness: number
  /** 3 for a normal distribution. */
  readonly kurtosis: number
}

/**
 * Φ((SR − SR*) √(n − 1) ÷ √(1 − γ₃ SR + (γ₄ − 1)/4 SR²)): the probability that the true ratio exceeds SR*
 * (D. Bailey and M. López de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk 15(2), 2012).
 */
export function probabilisticSharpe(observed: ObservedSharpe): number {
  const { sharpe, benchmark, length } = observed
  const spread = 1 - observed.skewness * sharpe + ((observed.kurtosis - 1) / 4) * sharpe ** 2
  // Not negative in exact arithmetic, as kurtosis ≥ 1 + skewness²; rounding must not make it so.
  return normalProbability(((sharpe - benchmark) * Math.sqrt(length - 1)) / Math.sqrt(Math.max(spread, 0)))
}

const sharpeOfSession = (returns: Sample): number => mean(returns) / sampleDeviation(returns)
