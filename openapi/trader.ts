import { z } from 'zod'
import { level } from './backtestParts.ts'
import { LIVE_DECISION_EXAMPLE, liveDecision } from './decisions.ts'
import { barSize, count, known, sessionKind, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { POSITION_EXAMPLE, position } from './positions.ts'
import { sizing, strategy } from './strategy.ts'
import { foreignPolicy, limits, newTradedStrategy } from './traderSettings.ts'

const state = z.enum(['off', 'warming', 'active', 'reducing', 'halted']).meta({
  id: 'TraderState',
  description:
    '`off` nothing is done · `warming` it collects the candles that its indicators need · `active` · `reducing` it closes ' +
    'and never opens · `halted` it does neither; the stop stays at the broker.',
})

const figure = z.number().nullable()

const trader = z
  .strictObject({
    state,
    reason: z.string().nullable().describe('Why it is not active, in a sentence.'),
    cause: z
      .enum(['person', 'limit', 'fault', 'start', 'panic'])
      .describe('Who or what has set the level: a limit or a fault leaves it to a person to raise it again.'),
    since: utcInstant.describe('Since when the level holds, in market time.'),
    flattening: z.boolean().describe('Whether everything ours is being closed.'),
    panicking: z.boolean().describe('Whether every order at the broker is being cancelled.'),
    mode: z.enum(['off', 'paper', 'live']).describe('What TRADING allows.'),
    account: z.string().nullable().describe('Null before the first session with the broker.'),
    symbol,
    size: barSize,
    session: sessionKind,
    strategy,
    sizing,
    limits,
    foreign: foreignPolicy,
    warmup: z
      .strictObject({ have: count, need: count })
      .nullable()
      .describe('Candles that the indicators have and need; null in a process that does not trade.'),
    levels: z
      .strictObject({
        breakout: level.nullable(),
        swingLow: level.nullable(),
        movingAverage: figure,
        stop: figure.describe('The trailing stop in force, while long.'),
      })
      .describe('After the newest decision.'),
    position: position.nullable(),
    lastDecision: liveDecision.nullable(),
    version: count.describe('Rises with every change.'),
  })
  .meta({ id: 'Trader' })

const { breakout, swingLow, movingAverage, stop } = LIVE_DECISION_EXAMPLE

const EXAMPLE = {
  state: 'active',
  reason: null,
  cause: 'start',
  since: '2013-10-09T13:30:02Z',
  flattening: false,
  panicking: false,
  mode: 'paper',
  account: 'DU1234567',
  symbol: 'SPY',
  size: '5m',
  session: 'rth',
  strategy: {
    ...{ name: 'pivot-breakout', left: 3, right: 3, ties: 'strict', ma: 'sma', length: 50 },
    ...{ trigger: 'level', stop: 'ratchet', guard: true, protectiveStopPct: 3 },
  },
  sizing: { kind: 'shares', shares: 10 },
  limits: {
    ...{ maxPosition: 100, maxOrderNotional: 25_000, maxGrossNotional: 25_000 },
    ...{ ordersPerMinute: 4, ordersPerDay: 40, entriesPerMinute: 2, entriesPerDay: 20 },
    ...{ rejectsBeforeReducing: 3, roundTripsBeforeReducing: 5, maxDailyLossPct: 2 },
    ...{ maxPriceDistancePct: 1, maxBarAgeMs: 30_000, maxDecisionAgeMs: 10_000 },
    ...{ maxReconcileAgeMs: 60_000, maxClockSkewMs: 2_000, entryLifeMs: 30_000 },
    ...{ fundsFactor: 1.2, afterOpenMs: 0, beforeCloseMs: 0 },
  },
  foreign: 'refuse',
  warmup: { have: 156, need: 156 },
  levels: { breakout, swingLow, movingAverage, stop },
  position: POSITION_EXAMPLE,
  lastDecision: LIVE_DECISION_EXAMPLE,
  version: 7,
} as const

export const getTrader = operation({
  method: 'get',
  path: '/v1/trader',
  operationId: 'getTrader',
  tag: 'Trading',
  summary: 'Get the trader',
  access: 'read',
  answers: { 200: { description: 'The trader.', schema: trader, example: EXAMPLE } },
  problems: [503],
})

export const changeTrader = operation({
  method: 'put',
  path: '/v1/trader',
  operationId: 'changeTrader',
  tag: 'Trading',
  summary: 'Set the level of the trader, or its strategy',
  description:
    'What is set is durable and holds from this answer on: no order that it forbids is made afterwards. Entries that ' +
    'are under way are taken back below `active`. Fields of the strategy that are left out stay as they are; the ' +
    'strategy is changed while nothing is held. A live account is armed with its id: `TRADING=live:U1234567` and ' +
    '`account` must both name it.',
  access: 'write',
  rate: 'none',
  body: z
    .strictObject({
      state: known(['off', 'active', 'reducing', 'halted']).optional(),
      strategy: newTradedStrategy.optional(),
      account: z
        .string()
        .max(20)
        .optional()
        .describe('Arms a live account: its id, as TRADING names it. Not for paper accounts.'),
    })
    .refine(({ state, strategy }) => state !== undefined || strategy !== undefined, {
      message: 'must have state or strategy',
    })
    .meta({ id: 'TraderChange' }),
  bodyExample: { state: 'active' },
  answers: { 200: { description: 'The trader as it is now.', schema: trader, example: EXAMPLE } },
  problems: [409, 503],
})

export const flattenTrader = operation({
  method: 'post',
  path: '/v1/trader/flatten',
  operationId: 'flattenTrader',
  tag: 'Trading',
  summary: 'Close what we own, and halt',
  description:
    'Durable with the answer. Our entries are taken back, each position of ours is sold once beside its stop, and the ' +
    'trader is `halted`. `flattening` tells when that is done. Orders and positions of others stay.',
  access: 'write',
  rate: 'none',
  idempotent: true,
  answers: {
    202: { description: 'It is under way.', schema: trader, example: { ...EXAMPLE, flattening: true } },
  },
  problems: [409, 503],
})

export const panicTrader = operation({
  method: 'post',
  path: '/v1/trader/panic',
  operationId: 'panicTrader',
  tag: 'Trading',
  summary: 'Cancel every order at the broker, and halt',
  description:
    'Also the orders of people and other programs, and every protective stop: what is held then stands without one. ' +
    'Nothing is sold.',
  access: 'write',
  rate: 'none',
  body: z
    .strictObject({
      confirm: z
        .literal('cancel every order')
        .describe('These words say that protective stops and the orders of people are meant too.'),
    })
    .meta({ id: 'Panic' }),
  bodyExample: { confirm: 'cancel every order' },
  idempotent: true,
  answers: {
    202: {
      description: 'It is under way.',
      schema: trader,
      example: { ...EXAMPLE, state: 'halted', cause: 'panic', reason: 'panic', panicking: true },
    },
  },
  problems: [409, 503],
})
