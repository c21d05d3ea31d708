import { z } from 'zod'
import { backtestRequest, REQUEST_EXAMPLE } from './backtestRequest.ts'
import { count, id, price, runState, utcInstant } from './fields.ts'

const money = z.number()
const figure = z.number().nullable()
const share = z.int().min(1)

const entry = {
  entryTime: utcInstant.describe('The `time` of the candle (or second) in which the entry was filled.'),
  entryPrice: price,
  entryReason: z.string(),
}

/** The columns of a trade, in the order of the CSV. */
export const tradeColumns = {
  ...entry,
  exitTime: utcInstant,
  exitPrice: price,
  exitReason: z.string(),
  quantity: share,
  grossPnl: money.describe('(exit − entry) × quantity.'),
  commission: money.describe('Of both fills.'),
  netPnl: money,
  returnPct: z.number().describe('netPnl ÷ (entry price × quantity): 0.1 is 10 %.'),
  bars: share.describe("Candles from the entry's to the exit's."),
  mae: z.number().describe('The most adverse excursion as a part of the entry price.'),
  mfe: z.number().describe('The most favourable one.'),
}

export const trade = z.strictObject(tradeColumns).meta({ id: 'Trade' })

const openTrade = z
  .strictObject({
    ...entry,
    quantity: share,
    markTime: utcInstant,
    markPrice: price,
    unrealizedPnl: money,
    bars: share,
  })
  .meta({ id: 'OpenTrade', description: 'Still held, and marked to the last close. No closed trade.' })

const FIGURES = [
  ...['winRate', 'profitFactor', 'expectancy', 'averageWin', 'averageLoss', 'totalReturn'],
  ...['compoundedTradeReturn', 'cagr', 'volatility', 'sharpe', 'sortino', 'calmar', 'maxDrawdown'],
  ...['maxDrawdownDays', 'exposure', 'turnover', 'buyAndHoldReturn', 'alpha', 'beta', 'probabilisticSharpe'],
] as const

const statistics = z
  .strictObject({
    trades: count,
    ...(Object.fromEntries(FIGURES.map((name) => [name, figure])) as Record<
      (typeof FIGURES)[number],
      typeof figure
    >),
    commissions: money,
    slippageCost: money,
    reasons: z.record(z.string(), z.string()).describe('Why a figure is null, by its name.'),
  })
  .meta({
    id: 'Statistics',
    description: 'Fractions are of one: 0.1 is 10 %. A figure for which the sample is too small is null.',
  })

const result = {
  dataVersion: z.string().nullable().describe('SHA-256 of the bars used.'),
  candles: count.nullable(),
  pivotHighs: count.nullable(),
  pivotLows: count.nullable(),
  rewrites: count
    .nullable()
    .describe('Decisions that came out otherwise on a prefix of the candles: more than 0 is a defect.'),
  statistics: statistics.nullable(),
  openTrade: openTrade.nullable(),
  warnings: z.array(z.string()).nullable(),
}

const state = {
  id,
  state: runState,
  reason: z.string().nullable().describe('Why it has failed or was cancelled.'),
  request: backtestRequest,
}

export const backtest = z
  .strictObject({ ...state, ...result, trades: z.array(trade).nullable() })
  .meta({ id: 'Backtest', description: 'What a run yields is null until it is `done`.' })

export const listed = z
  .strictObject({ ...state, createdAt: utcInstant, ...result })
  .meta({ id: 'ListedBacktest', description: 'A backtest without its trades.' })

export const TRADE_EXAMPLE = {
  entryTime: '2013-10-07T18:00:00Z',
  entryPrice: 168.29,
  entryReason: 'close 168.3 is above the breakout 168.25 and above the moving average 168.01',
  exitTime: '2013-10-07T19:40:00Z',
  exitPrice: 167.82,
  exitReason: 'close 167.81 is below the stop 167.85',
  quantity: 594,
  grossPnl: -279.18,
  commission: 0,
  netPnl: -279.18,
  returnPct: -0.0027928,
  bars: 21,
  mae: -0.0031,
  mfe: 0.0002,
}

const STATE_EXAMPLE = {
  id: '0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11',
  state: 'done',
  reason: null,
  request: REQUEST_EXAMPLE,
} as const

const RESULT_EXAMPLE = {
  dataVersion: '9f2c7c1e0f5b4a6d8e3a1b2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70',
  candles: 234,
  pivotHighs: 22,
  pivotLows: 21,
  rewrites: 0,
  statistics: {
    trades: 1,
    ...(Object.fromEntries(FIGURES.map((name) => [name, null])) as Record<(typeof FIGURES)[number], null>),
    winRate: 0,
    totalReturn: -0.0027918,
    commissions: 0,
    slippageCost: 0,
    reasons: { sharpe: 'needs the returns of at least two sessions' },
  },
  openTrade: null,
  warnings: [],
}

export const BACKTEST_EXAMPLE = { ...STATE_EXAMPLE, ...RESULT_EXAMPLE, trades: [TRADE_EXAMPLE] }

const NOTHING_YET = Object.fromEntries(
  [...Object.keys(result), 'trades'].map((name) => [name, null]),
) as Record<keyof typeof result | 'trades', null>

/** One that has not come to its end. */
export const openExample = (state: 'running' | 'cancelled', reason: string | null) => ({
  ...STATE_EXAMPLE,
  state,
  reason,
  ...NOTHING_YET,
})

export const LISTED_EXAMPLE = { ...STATE_EXAMPLE, createdAt: '2013-10-09T21:00:00Z', ...RESULT_EXAMPLE }
