import type { BacktestRequest } from './request.ts'

/** Throws a RangeError that names a number of the request with which nothing can be computed. */
export function mustMakeSense({ strategy, execution, sizing, initialCash }: BacktestRequest): void {
  const { latencyMs, slippageTicks, slippageBps } = execution
  for (const [name, value] of Object.entries({ latencyMs, slippageTicks, slippageBps })) {
    must(name, value, value >= 0)
  }
  const { protectiveStopPct: pct } = strategy
  if (pct !== null) must('protectiveStopPct', pct, pct > 0 && pct < 100)
  if (sizing.kind === 'fraction') must('fraction', sizing.fraction, sizing.fraction > 0)
  else must('shares', sizing.shares, Number.isInteger(sizing.shares) && sizing.shares > 0)
  must('initialCash', initialCash, initialCash > 0)
}

function must(name: string, value: number, holds: boolean): void {
  if (!(holds && Number.isFinite(value))) throw new RangeError(`${name} cannot be ${value}`)
}
