import { z } from 'zod'
import { exchangeDate } from './fields.ts'
import { operation } from './operation.ts'
import { pageQuery } from './page.ts'
import { RECONCILED_EXAMPLE, reconciledPage } from './reconciled.ts'

const money = z.number().nullable()

const account = z
  .strictObject({
    account: z.string(),
    accountType: z.enum(['paper', 'live']),
    currency: z.string(),
    netLiquidation: money,
    availableFunds: money,
    buyingPower: money,
    cash: money,
    realizedPnl: money,
    unrealizedPnl: money,
    day: z
      .strictObject({ date: exchangeDate, startEquity: z.number() })
      .nullable()
      .describe("The day's first equity, from which `maxDailyLossPct` counts."),
  })
  .meta({
    id: 'Account',
    description: 'As the broker told it when the books were last compared; null where it has not.',
  })

const EXAMPLE = {
  account: 'DU1234567',
  accountType: 'paper',
  currency: 'USD',
  netLiquidation: 100_001.36,
  availableFunds: 100_001.36,
  buyingPower: 400_005.44,
  cash: 100_001.36,
  realizedPnl: 1.36,
  unrealizedPnl: 0,
  day: { date: '2013-10-09', startEquity: 100_000 },
} as const

export const getAccount = operation({
  method: 'get',
  path: '/v1/account',
  operationId: 'getAccount',
  tag: 'Trading',
  summary: 'Get the account that is traded',
  description: 'Empty before the first session with the broker.',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'The account, as a page of one.',
      schema: reconciledPage(account, 'AccountPage'),
      example: { ...RECONCILED_EXAMPLE, items: [EXAMPLE] },
    },
  },
  problems: [400, 503],
})
