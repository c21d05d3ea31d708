import { z } from 'zod'
import { known } from './fields.ts'

/** Candles on one side of a swing. */
const side = z.int().min(1).max(1_000)

export const strategy = z.strictObject({
  name: known(['pivot-breakout']).meta({ default: 'pivot-breakout' }),
  left: side.meta({ default: 3, description: 'Candles that a swing beats before it.' }),
  right: side.meta({
    default: 3,
    description: 'Candles that a swing beats after it: it is known at the close of the last.',
  }),
  ties: known(['strict', 'last', 'any']).meta({
    default: 'strict',
    description: 'What a swing may equal: nothing, the candles before it, or those on both sides.',
  }),
  ma: known(['sma', 'ema']).meta({ default: 'sma' }),
  length: z.int().min(1).max(100_000).meta({ default: 50, description: 'Candles of the moving average.' }),
  trigger: known(['level', 'cross']).meta({
    default: 'level',
    description: 'Whether a close above the level is enough, or the close before must not have been.',
  }),
  stop: known(['ratchet', 'latest']).meta({
    default: 'ratchet',
    description: 'Whether the trailing stop only rises, or is always the latest swing low.',
  }),
  guard: z.boolean().meta({ default: true, description: 'Whether an entry needs a swing low below it.' }),
  protectiveStopPct: z.number().gt(0).lt(100).nullable().meta({
    default: null,
    description: 'Per cent below the entry at which a stop rests at the broker; null for none.',
  }),
})

/** What a client sends of it: every field may be left out. */
export const newStrategy = strategy.partial().extend({
  preset: known(['default', 'seed'])
    .optional()
    .meta({
      description:
        "Sets every default of the strategy, and the fill: `seed` gives the original engine's signals. Fields beside " +
        'it override it.',
    }),
})

export const execution = z.strictObject({
  fill: known(['open', 'close', 'second']).meta({
    default: 'open',
    description:
      "At the next candle's open, at the deciding candle's close (which is optimistic), or at the open of the first " +
      'second after it and `latencyMs`.',
  }),
  latencyMs: z.int().min(0).max(3_600_000).meta({ default: 0 }),
  slippageTicks: z.number().min(0).max(1_000).meta({ default: 0 }),
  slippageBps: z.number().min(0).max(1_000).meta({ default: 0, description: 'Basis points of the price.' }),
  commission: known(['none', 'ibkr-fixed', 'ibkr-tiered']).meta({ default: 'none' }),
})

export const sizing = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fraction'), fraction: z.number().gt(0).max(1) }),
    z.strictObject({ kind: z.literal('shares'), shares: z.int().min(1).max(1_000_000_000) }),
  ])
  .meta({ default: { kind: 'fraction', fraction: 1 }, description: 'Whole shares, or a part of the equity.' })
