import { z } from 'zod'
import { price, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { pageQuery } from './page.ts'
import { RECONCILED_EXAMPLE, reconciledPage } from './reconciled.ts'

export const position = z
  .strictObject({
    symbol,
    quantity: z.int().describe('Shares.'),
    averagePrice: price.nullable().describe('What a share cost; null unless long.'),
    openedAt: utcInstant,
    price: price.nullable().describe('The newest stored price.'),
    unrealizedPnl: z.number().nullable().describe('(price − average) × quantity, without commissions.'),
    protectiveStop: price.nullable().describe('Where the stop at the broker rests; null without one.'),
  })
  .meta({ id: 'Position', description: 'Made of our executions alone.' })

export const POSITION_EXAMPLE = {
  symbol: 'SPY',
  quantity: 10,
  averagePrice: 165.47,
  openedAt: '2013-10-09T14:50:03Z',
  price: 165.61,
  unrealizedPnl: 1.4,
  protectiveStop: 160.51,
}

export const listPositions = operation({
  method: 'get',
  path: '/v1/positions',
  operationId: 'listPositions',
  tag: 'Trading',
  summary: 'List what is held',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of positions.',
      schema: reconciledPage(position, 'PositionPage'),
      example: { ...RECONCILED_EXAMPLE, items: [POSITION_EXAMPLE] },
    },
  },
  problems: [400, 503],
})
