import { z } from 'zod'
import { price, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { pageQuery } from './page.ts'
import { RECONCILED_EXAMPLE, reconciledPage } from './reconciled.ts'

const provisional = z.number().nullable()

const closedTrade = z
  .strictObject({
    symbol,
    entryTime: utcInstant.describe('Of the first execution.'),
    entryPrice: price,
    entryReason: z.string(),
    exitTime: utcInstant.describe('Of the last execution.'),
    exitPrice: price,
    exitReason: z.string(),
    quantity: z.int().min(1),
    grossPnl: z.number().describe('(exit − entry) × quantity.'),
    commission: provisional.describe('Null while the broker has not told every one of them.'),
    netPnl: provisional,
    returnPct: provisional.describe('netPnl ÷ (entry price × quantity): 0.1 is 10 %.'),
  })
  .meta({ id: 'ClosedTrade' })

const EXAMPLE = {
  symbol: 'SPY',
  entryTime: '2013-10-09T14:50:03Z',
  entryPrice: 165.47,
  entryReason: 'close 165.46 is above the breakout 165.41 and above the moving average 165.2878',
  exitTime: '2013-10-09T15:10:03Z',
  exitPrice: 165.81,
  exitReason: 'close 165.80 is below the stop 165.83',
  quantity: 10,
  grossPnl: 3.4,
  commission: 2.04,
  netPnl: 1.36,
  returnPct: 0.000822,
} as const

export const listTrades = operation({
  method: 'get',
  path: '/v1/trades',
  operationId: 'listTrades',
  tag: 'Trading',
  summary: 'List closed round trips',
  description: 'Newest first, made of our executions.',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of trades.',
      schema: reconciledPage(closedTrade, 'ClosedTradePage'),
      example: { ...RECONCILED_EXAMPLE, items: [EXAMPLE] },
    },
  },
  problems: [400, 503],
})
