import { z } from 'zod'
import { count, id, price, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { pageQuery } from './page.ts'
import { RECONCILED_EXAMPLE, reconciledPage } from './reconciled.ts'

const state = z
  .enum([
    ...(['denied', 'reserved', 'sending', 'working', 'partial', 'held'] as const),
    ...(['cancelling', 'unresolved', 'filled', 'rejected', 'cancelled', 'expired'] as const),
  ])
  .meta({
    id: 'OrderState',
    description:
      '`denied` by a limit, never sent · `reserved` durable, not sent · `sending` it may exist at the broker · ' +
      '`working` · `partial` · `held` it waits at the broker · `cancelling` · `unresolved` its fate is unknown · ' +
      '`filled` · `rejected` · `cancelled` · `expired` proven never accepted.',
  })

const order = z
  .strictObject({
    id,
    orderRef: z.string().describe('What the broker tells with everything about the order.'),
    orderId: z.int().nullable().describe("The broker's number of it; null when denied."),
    permId: z.int().nullable(),
    purpose: z.enum(['entry', 'exit', 'stop']),
    parent: id.nullable().describe('The order whose position it protects or closes.'),
    symbol,
    side: z.enum(['buy', 'sell']),
    type: z.enum(['market', 'stop']),
    quantity: count,
    filled: count,
    averagePrice: price.nullable(),
    stopPrice: price.nullable(),
    state,
    code: z.string().nullable().describe('The limit that denied it, or the code of the broker.'),
    detail: z.string().nullable().describe('The same in words.'),
    reason: z.string().describe('Why it was ordered.'),
    candleTime: utcInstant.describe('The candle that was decided on.'),
    createdAt: utcInstant.describe('Market time, as the others.'),
    expiresAt: utcInstant.nullable().describe('An entry that has not left by then never does.'),
    sentAt: utcInstant.nullable(),
    endedAt: utcInstant.nullable(),
    sends: count.describe('How often it was put on the wire, always under the same number.'),
  })
  .meta({ id: 'Order' })

const EXAMPLE = {
  id: '01K5Q3W2V8ZJ6T7Y0N4M5B9C1D',
  orderRef: 'ipe-01K5Q3W2V8ZJ6T7Y0N4M5B9C1D',
  orderId: 12,
  permId: 1_834_520_117,
  purpose: 'entry',
  parent: null,
  symbol: 'SPY',
  side: 'buy',
  type: 'market',
  quantity: 10,
  filled: 10,
  averagePrice: 165.47,
  stopPrice: null,
  state: 'filled',
  code: null,
  detail: null,
  reason: 'close 165.46 is above the breakout 165.41 and above the moving average 165.2878',
  candleTime: '2013-10-09T14:45:00Z',
  createdAt: '2013-10-09T14:50:03.112Z',
  expiresAt: '2013-10-09T14:50:33.112Z',
  sentAt: '2013-10-09T14:50:03.241Z',
  endedAt: '2013-10-09T14:50:03.904Z',
  sends: 1,
} as const

export const listOrders = operation({
  method: 'get',
  path: '/v1/orders',
  operationId: 'listOrders',
  tag: 'Trading',
  summary: 'List our orders',
  description: 'Newest first, those that a limit has denied included.',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of orders.',
      schema: reconciledPage(order, 'OrderPage'),
      example: { ...RECONCILED_EXAMPLE, items: [EXAMPLE] },
    },
  },
  problems: [400, 503],
})
