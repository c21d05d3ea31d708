import { z } from 'zod'
import { known, sessionKind, symbol } from './fields.ts'
import { newStrategy, sizing } from './strategy.ts'

const amount = z.number().gt(0).max(1_000_000_000)
const perTime = z.int().min(1).max(10_000)
const span = z.int().min(0).max(86_400_000)

/** Checked before every order, in its own transaction. Each is the code of the denial that it leads to. */
export const limits = z.strictObject({
  maxPosition: z.int().min(1).max(1_000_000_000).meta({ default: 100, description: 'Shares.' }),
  maxOrderNotional: amount.meta({ default: 25_000, description: 'In the currency of the account.' }),
  maxGrossNotional: amount.meta({ default: 25_000, description: 'Of everything held and ordered.' }),
  ordersPerMinute: perTime.meta({ default: 4 }),
  ordersPerDay: perTime.meta({ default: 40 }),
  entriesPerMinute: perTime.meta({ default: 2 }),
  entriesPerDay: perTime.meta({ default: 20 }),
  rejectsBeforeReducing: perTime.meta({
    default: 3,
    description: 'So many rejects in half an hour make the trader `reducing` until a person says otherwise.',
  }),
  roundTripsBeforeReducing: perTime.meta({ default: 5, description: 'The same of round trips.' }),
  maxDailyLossPct: z.number().gt(0).max(100).meta({
    default: 2,
    description: "Per cent of the day's first equity; then everything is closed once, and the trader halted.",
  }),
  maxPriceDistancePct: z.number().gt(0).max(100).meta({
    default: 1,
    description: 'Per cent that the newest price may lie from the close that was decided on.',
  }),
  maxBarAgeMs: span.meta({ default: 30_000, description: 'Age of the newest price, for an entry.' }),
  maxDecisionAgeMs: span.meta({ default: 10_000, description: 'Since the close of the candle.' }),
  maxReconcileAgeMs: span.meta({ default: 60_000, description: "Since the broker's books were compared." }),
  maxClockSkewMs: span.meta({ default: 2_000, description: "Between TWS's clock and ours." }),
  entryLifeMs: span.meta({ default: 30_000, description: 'How long an order to enter may be under way.' }),
  fundsFactor: z.number().min(1).max(100).meta({
    default: 1.2,
    description: 'Available funds must be so many times the value of the order.',
  }),
  afterOpenMs: span.meta({ default: 0, description: 'No entries so soon after the open.' }),
  beforeCloseMs: span.meta({ default: 0, description: 'No entries so shortly before the close.' }),
})

/** Sizes whose candles are cut alike from the open and on the clock, as the broker does; smaller ones cost IB's budget. */
const tradedSize = known(['1m', '2m', '3m', '5m', '10m', '15m', '30m']).meta({
  id: 'TradedSize',
  description: 'The candles that are decided on.',
})

/** A trader's position always has a stop at the broker: it must outlive this service. */
const protectiveStopPct = z.number().gt(0).lt(100).meta({
  default: 3,
  description: 'Per cent below the entry at which a stop rests at the broker.',
})

export const newTradedStrategy = newStrategy.extend({ protectiveStopPct: protectiveStopPct.optional() })

const SHARES = { kind: 'shares', shares: 10 } as const

export const foreignPolicy = known(['refuse', 'adopt', 'ignore']).meta({
  default: 'refuse',
  description:
    'What becomes of positions and orders in the account that are not ours: trading stops, they are taken over, or they are left alone.',
})

/** What the file of `TRADER_CONFIG` may say: every field may be left out. */
export const traderConfig = z.strictObject({
  symbol: symbol.optional(),
  size: tradedSize.optional(),
  session: sessionKind.optional(),
  strategy: newTradedStrategy.optional(),
  sizing: sizing.meta({ default: SHARES }).optional(),
  limits: limits.partial().optional(),
  foreign: foreignPolicy.optional(),
})
