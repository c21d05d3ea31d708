import { z } from 'zod'
import { count, utcInstant } from './fields.ts'
import { operation } from './operation.ts'

const farm = z.enum(['unknown', 'ok', 'inactive', 'broken'])

const gateway = z
  .strictObject({
    state: z.enum([
      'standby',
      'connecting',
      'handshake',
      'syncing',
      'ready',
      'linkDown',
      'backoff',
      'closed',
    ]),
    since: utcInstant.describe('Market time.'),
    reason: z.string().nullable().describe('Why it is not ready, in a sentence.'),
    simulated: z.boolean().describe('Whether the built-in simulator stands for the broker.'),
    serverVersion: z.int().nullable(),
    account: z.string().nullable(),
    accountType: z.enum(['paper', 'live']).nullable(),
    readOnly: z.boolean().describe('Whether TWS takes no orders from programs.'),
    competing: z.boolean().describe('Whether another login uses the market data.'),
    delayed: z.boolean().describe('Whether some data comes late.'),
    plannedDowntime: z
      .enum(['nightlyReset', 'weekend', 'weeklyLogin'])
      .nullable()
      .describe("The absence by IB's plan that explains why it is not ready."),
    needsLogin: z.boolean().describe('Whether a person must log in to TWS.'),
    clockSkewMs: z.int().nullable().describe("How far TWS's clock is ahead of ours."),
    farms: z.strictObject({ marketData: farm, historical: farm, securityDefinition: farm }),
    pacing: z
      .strictObject({
        limit: count.describe('Requests that the sliding window allows.'),
        used: count,
        nextFreeAt: utcInstant.describe('When the next request may be sent, in market time.'),
        lanes: z
          .strictObject({ trader: count, live: count, repair: count, backfill: count })
          .describe('Who used them.'),
      })
      .describe("IB's budget of requests for small bars."),
  })
  .meta({ id: 'Gateway' })

export const getGateway = operation({
  method: 'get',
  path: '/v1/gateway',
  operationId: 'getGateway',
  tag: 'Operations',
  summary: 'Get the state of the connection to the broker',
  access: 'read',
  answers: {
    200: {
      description: 'The connection and the budget.',
      schema: gateway,
      example: {
        state: 'ready',
        since: '2013-10-09T14:00:01Z',
        reason: null,
        simulated: true,
        serverVersion: 178,
        account: 'DU1234567',
        accountType: 'paper',
        readOnly: true,
        competing: false,
        delayed: false,
        plannedDowntime: null,
        needsLogin: false,
        clockSkewMs: 0,
        farms: { marketData: 'ok', historical: 'ok', securityDefinition: 'ok' },
        pacing: {
          limit: 58,
          used: 40,
          nextFreeAt: '2013-10-09T14:05:00Z',
          lanes: { trader: 0, live: 20, repair: 0, backfill: 20 },
        },
      },
    },
  },
  problems: [503],
})
