import type { BacktestRequest } from '../backtest/request.ts'
import type { BacktestOrder } from '../ports/backtests.ts'
import { given, PRESETS } from '../strategy/presets.ts'

const EXECUTION = { latencyMs: 0, slippageTicks: 0, slippageBps: 0, commission: 'none' } as const

/** The order with every default filled in; a preset's come before the product's (strategy, P8). */
export function filledRequest(order: BacktestOrder): BacktestRequest {
  const { preset = 'default', ...strategy } = order.strategy ?? {}
  const defaults = PRESETS[preset]
  return {
    symbol: order.symbol,
    from: order.from,
    to: order.to,
    size: order.size ?? '5m',
    session: order.session ?? 'rth',
    align: order.align ?? 'session',
    base: order.base ?? '1s',
    strategy: { ...defaults.strategy, ...given(strategy) },
    execution: { fill: defaults.fill, ...EXECUTION, ...given(order.execution ?? {}) },
    sizing: order.sizing ?? { kind: 'fraction', fraction: 1 },
    initialCash: order.initialCash ?? 100_000,
    force: order.force ?? false,
  }
}
