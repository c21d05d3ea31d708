import { z } from 'zod'
import { alignment, barSize, range, ranged, sessionKind, symbol, utcInstant } from './fields.ts'
import { execution, newStrategy, sizing, strategy } from './strategy.ts'

const common = {
  size: barSize.meta({ default: '5m' }),
  session: sessionKind.meta({ default: 'rth' }),
  align: alignment.meta({ default: 'session' }),
  base: barSize.meta({ default: '1s', description: 'The size of the stored bars.' }),
  sizing,
  initialCash: z.number().gt(0).max(1_000_000_000_000).meta({ default: 100_000 }),
  force: z.boolean().meta({ default: false, description: 'Run over time that is not covered.' }),
}

/** What a client sends: every field but three may be left out. */
export const newBacktest = ranged({
  symbol,
  ...range,
  ...z.strictObject(common).partial().shape,
  strategy: newStrategy.optional(),
  execution: execution.partial().optional(),
}).meta({ id: 'NewBacktest' })

/** The same with every field filled in. */
export const backtestRequest = z
  .strictObject({ symbol, from: utcInstant, to: utcInstant, ...common, strategy, execution })
  .meta({ id: 'BacktestRequest' })

export const REQUEST_EXAMPLE = {
  symbol: 'SPY',
  from: '2013-10-07T13:30:00Z',
  to: '2013-10-09T20:00:00Z',
  size: '5m',
  session: 'rth',
  align: 'session',
  base: '1s',
  strategy: {
    name: 'pivot-breakout',
    left: 3,
    right: 3,
    ties: 'strict',
    ma: 'sma',
    length: 50,
    trigger: 'level',
    stop: 'ratchet',
    guard: true,
    protectiveStopPct: null,
  },
  execution: { fill: 'open', latencyMs: 0, slippageTicks: 0, slippageBps: 0, commission: 'none' },
  sizing: { kind: 'fraction', fraction: 1 },
  initialCash: 100_000,
  force: false,
} as const
