import { z } from 'zod'
import { TRADE_EXAMPLE, trade, tradeColumns } from './backtestResult.ts'
import { id, price, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

/** The reasons hold commas. */
const quoted = (value: string | number) => (String(value).includes(',') ? `"${value}"` : value)

const shared = {
  method: 'get',
  tag: 'Research',
  access: 'read',
  params: z.strictObject({ id }),
  query: z.strictObject(pageQuery),
  etag: true,
  problems: [400, 404, 409, 503],
} as const

export const listBacktestTrades = operation({
  ...shared,
  path: '/v1/backtests/{id}/trades',
  operationId: 'listBacktestTrades',
  summary: 'List the closed trades of a backtest',
  description:
    'Oldest first; `Accept: text/csv` answers them all, unless `limit` ends it. 409 until it is done.',
  answers: {
    200: {
      description: 'A page of trades.',
      schema: page(trade, 'TradePage'),
      example: { items: [TRADE_EXAMPLE], nextCursor: null },
      csv: {
        header: Object.keys(tradeColumns).join(','),
        example: Object.values(TRADE_EXAMPLE).map(quoted).join(','),
      },
    },
  },
})

/** The columns of a point, in the order of the CSV. */
const equityColumns = {
  time: utcInstant.describe('The candle.'),
  equity: z.number().describe('Cash and position at its close.'),
  drawdown: z.number().describe('Below the highest equity so far, as a part of it: 0 or negative.'),
}

export const listBacktestEquity = operation({
  ...shared,
  path: '/v1/backtests/{id}/equity',
  operationId: 'listBacktestEquity',
  summary: 'List the equity of a backtest, candle by candle',
  description:
    'Oldest first; `Accept: text/csv` answers it whole, unless `limit` ends it. 409 until it is done.',
  answers: {
    200: {
      description: 'A page of the equity curve.',
      schema: page(z.strictObject(equityColumns).meta({ id: 'EquityPoint' }), 'EquityPage'),
      example: { items: [{ time: '2013-10-07T13:30:00Z', equity: 100_000, drawdown: 0 }], nextCursor: null },
      csv: { header: Object.keys(equityColumns).join(','), example: '2013-10-07T13:30:00Z,100000,0' },
    },
  },
})

const figure = z.number().nullable()

export const level = z
  .strictObject({
    price,
    pivotTime: utcInstant.describe("The `time` of the swing's candle."),
    confirmedAt: utcInstant.describe('The close at which it became known.'),
  })
  .meta({ id: 'Level' })

const condition = z.strictObject({ name: z.string(), left: figure, right: figure, holds: z.boolean() }).meta({
  id: 'Condition',
  description: 'A test with the two values that it compared; null where one was not known.',
})

export const decision = z
  .strictObject({
    time: utcInstant.describe('The candle.'),
    decidedAt: utcInstant.describe('When it closed.'),
    close: price,
    position: z.enum(['flat', 'long']),
    breakout: level.nullable(),
    swingLow: level.nullable(),
    movingAverage: figure,
    stop: figure.describe('The trailing stop in force, while long.'),
    conditions: z.array(condition),
    action: z.enum(['enter', 'exit', 'none']),
    reason: z.string(),
  })
  .meta({ id: 'Decision' })

export const DECISION_EXAMPLE = {
  time: '2013-10-07T17:55:00Z',
  decidedAt: '2013-10-07T18:00:00Z',
  close: 168.3,
  position: 'flat',
  breakout: { price: 168.17, pivotTime: '2013-10-07T17:15:00Z', confirmedAt: '2013-10-07T17:35:00Z' },
  swingLow: { price: 167.93, pivotTime: '2013-10-07T17:35:00Z', confirmedAt: '2013-10-07T17:55:00Z' },
  movingAverage: 168.0708,
  stop: 167.93,
  conditions: [
    { name: 'close > breakout', left: 168.3, right: 168.17, holds: true },
    { name: 'close > moving average', left: 168.3, right: 168.0708, holds: true },
    { name: 'swing low < close', left: 167.93, right: 168.3, holds: true },
  ],
  action: 'enter',
  reason: TRADE_EXAMPLE.entryReason,
} as const

export const listBacktestDecisions = operation({
  ...shared,
  rate: 'heavy',
  path: '/v1/backtests/{id}/decisions',
  operationId: 'listBacktestDecisions',
  summary: 'List what was decided at each close, and why',
  description: 'Oldest first, a decision for every candle. 409 until it is done.',
  answers: {
    200: {
      description: 'A page of decisions.',
      schema: page(decision, 'DecisionPage'),
      example: { items: [DECISION_EXAMPLE], nextCursor: null },
    },
  },
})
