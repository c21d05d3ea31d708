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
  entryPrice: 168.3,
  entryReason:
    'close 168.30 is above the breakout 168.17 and above the moving average 168.0708, ' +
    'swing low 167.93 is below the close 168.30',
  exitTime: '2013-10-07T19:40:00Z',
  exitPrice: 167.82,
  exitReason: 'close 167.81 is below the stop 167.93',
  quantity: 594,
  grossPnl: -285.12,
  commission: 0,
  netPnl: -285.12,
  returnPct: -0.00285205,
  bars: 21,
  mae: -0.00297089,
  mfe: 0.00089127,
}

const SECOND_TRADE = {
  entryTime: '2013-10-09T17:15:00Z',
  entryPrice: 165.47,
  entryReason:
    'close 165.46 is above the breakout 165.41 and above the moving average 165.2878, ' +
    'swing low 164.99 is below the close 165.46',
  exitTime: '2013-10-09T19:45:00Z',
  exitPrice: 165.81,
  exitReason: 'close 165.81 is below the stop 165.86',
  quantity: 602,
  grossPnl: 204.68,
  commission: 0,
  netPnl: 204.68,
  returnPct: 0.00205475,
  bars: 31,
  mae: -0.00006043,
  mfe: 0.00441168,
}

const STATE_EXAMPLE = {
  id: '0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11',
  state: 'done',
  reason: null,
  request: REQUEST_EXAMPLE,
} as const

const tooFew = (needed: number) => `needs ${needed} sessions, and there are 3`

const RESULT_EXAMPLE = {
  dataVersion: 'e4dfc957e0ce7b280dd35b4ee566143fd57e55efe5a5a41e68716da1d7de07c8',
  candles: 234,
  pivotHighs: 22,
  pivotLows: 21,
  rewrites: 0,
  statistics: {
    ...(Object.fromEntries(FIGURES.map((name) => [name, null])) as Record<(typeof FIGURES)[number], null>),
    ...{ trades: 2, winRate: 0.5, profitFactor: 0.71787318, expectancy: -40.22 },
    ...{ averageWin: 204.68, averageLoss: -285.12 },
    ...{ totalReturn: -0.0008044, compoundedTradeReturn: -0.00080316, buyAndHoldReturn: -0.01110912 },
    ...{ maxDrawdown: 0.00296982, maxDrawdownDays: 2.00347222, exposure: 0.21367521, turnover: 3.99748001 },
    ...{ commissions: 0, slippageCost: 0 },
    reasons: {
      ...{ cagr: tooFew(63), volatility: tooFew(20), sharpe: tooFew(20), sortino: tooFew(20) },
      ...{ calmar: tooFew(63), probabilisticSharpe: tooFew(20), alpha: tooFew(20), beta: tooFew(20) },
    },
  },
  openTrade: null,
  warnings: ['Prices only: dividends are in neither the strategy nor buy and hold.'],
}

export const BACKTEST_EXAMPLE = { ...STATE_EXAMPLE, ...RESULT_EXAMPLE, trades: [TRADE_EXAMPLE, SECOND_TRADE] }

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
