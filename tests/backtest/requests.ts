import type { BacktestRequest } from '../../src/backtest/request.ts'
import { epochMs } from '../../src/market/time.ts'
import { PRESETS } from '../../src/strategy/presets.ts'

type Overrides = Partial<Omit<BacktestRequest, 'strategy' | 'execution'>> & {
  readonly strategy?: Partial<BacktestRequest['strategy']>
  readonly execution?: Partial<BacktestRequest['execution']>
}

/** A request with every default filled in, but for what is overridden. */
export const requestOf = ({ strategy = {}, execution = {}, ...rest }: Overrides = {}): BacktestRequest => ({
  symbol: 'SPY',
  from: epochMs(0),
  to: epochMs(8.64e15),
  size: '5m',
  session: 'rth',
  align: 'session',
  base: '1s',
  strategy: { ...PRESETS.default.strategy, ...strategy },
  execution: {
    fill: 'open',
    latencyMs: 0,
    slippageTicks: 0,
    slippageBps: 0,
    commission: 'none',
    ...execution,
  },
  sizing: { kind: 'fraction', fraction: 1 },
  initialCash: 100_000,
  force: false,
  ...rest,
})
