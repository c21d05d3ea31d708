import { z } from 'zod'
import { count, id, price, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { pageQuery } from './page.ts'
import { RECONCILED_EXAMPLE, reconciledPage } from './reconciled.ts'

const execution = z
  .strictObject({
    id: z.string().describe('Of the broker, without its revision.'),
    revision: count.describe('A correction has a higher one and takes the place of those before it.'),
    account: z.string(),
    symbol,
    side: z.enum(['buy', 'sell']),
    quantity: count.describe('Shares; 0 when it was taken back.'),
    price,
    time: utcInstant.describe("When it happened, by the broker's clock."),
    order: id.nullable().describe('The order of ours that it belongs to; null for what others did.'),
    orderId: z.int(),
    commission: z.number().nullable().describe('Null until the broker tells it.'),
    realizedPnl: z.number().nullable(),
    synthetic: z.boolean().describe('Whether it stands for executions that the broker no longer tells.'),
    bookedAt: utcInstant.describe('Market time.'),
  })
  .meta({ id: 'Execution' })

const EXAMPLE = {
  id: '00025b46.63f8f39c.01',
  revision: 1,
  account: 'DU1234567',
  symbol: 'SPY',
  side: 'buy',
  quantity: 10,
  price: 165.47,
  time: '2013-10-09T14:50:03Z',
  order: '01K5Q3W2V8ZJ6T7Y0N4M5B9C1D',
  orderId: 12,
  commission: 1,
  realizedPnl: null,
  synthetic: false,
  bookedAt: '2013-10-09T14:50:03.904Z',
} as const

export const listExecutions = operation({
  method: 'get',
  path: '/v1/executions',
  operationId: 'listExecutions',
  tag: 'Trading',
  summary: 'List executions',
  description: 'Newest first, the newest revision of each, ours and those of others in the account.',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of executions.',
      schema: reconciledPage(execution, 'ExecutionPage'),
      example: { ...RECONCILED_EXAMPLE, items: [EXAMPLE] },
    },
  },
  problems: [400, 503],
})
