import { z } from 'zod'
import { barSize, count, exchangeDate, price, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'

const cause = z.enum(['data', 'timing', 'fill', 'state'])

const fill = z.strictObject({ time: utcInstant, price }).nullable()

const report = z
  .strictObject({
    date: exchangeDate,
    symbol,
    size: barSize,
    decisions: count.describe('Candles of the session that were compared.'),
    fills: z.array(
      z.strictObject({
        time: utcInstant.describe('The candle decided on; of a stop the one in which it was touched.'),
        purpose: z.enum(['entry', 'exit', 'stop']),
        quantity: count,
        live: fill.describe('Null where only the replay has it.'),
        replay: fill.describe('Null where it was only live.'),
      }),
    ),
    differences: z.array(
      z.strictObject({
        kind: z.enum(['decision', 'fill']),
        time: utcInstant.describe('The candle decided on.'),
        cause: cause
          .nullable()
          .describe(
            '`data` other candles · `timing` acted on later, or too late · `fill` filled otherwise · `state` the trader ' +
              'was not allowed to. Null when nothing explains it: a defect.',
          ),
        detail: z.string(),
      }),
    ),
    causes: z
      .strictObject({ data: count, timing: count, fill: count, state: count })
      .describe('How many differences each explains.'),
  })
  .meta({ id: 'ParityReport' })

export const getParity = operation({
  method: 'get',
  path: '/v1/parity',
  operationId: 'getParity',
  tag: 'Trading',
  summary: 'Compare what was done live on a day with its replay',
  description:
    'The day is replayed as a backtest from the first candle that the trader was warmed up with. Each difference is ' +
    'told with its cause. The same is told as the event `parity.report` after every close.',
  access: 'read',
  query: z.strictObject({
    date: exchangeDate.optional().meta({
      description: 'The session; the last one that has closed when left out.',
    }),
  }),
  answers: {
    200: {
      description: 'The comparison.',
      schema: report,
      example: {
        date: '2013-10-09',
        symbol: 'SPY',
        size: '5m',
        decisions: 78,
        fills: [
          {
            time: '2013-10-09T14:45:00Z',
            purpose: 'entry',
            quantity: 10,
            live: { time: '2013-10-09T14:50:03Z', price: 165.48 },
            replay: { time: '2013-10-09T14:50:00Z', price: 165.47 },
          },
        ],
        differences: [
          {
            kind: 'fill',
            time: '2013-10-09T14:45:00Z',
            cause: 'timing',
            detail:
              'entry filled 3 s after the replay, 0.01 higher: it was sent 3.2 s after it could be, and filled 0 s after that',
          },
        ],
        causes: { data: 0, timing: 1, fill: 0, state: 0 },
      },
    },
  },
  problems: [503],
})
