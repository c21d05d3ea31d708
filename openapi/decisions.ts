import { z } from 'zod'
import { DECISION_EXAMPLE, decision } from './backtestParts.ts'
import { BAR_EXAMPLE, barColumns } from './bars.ts'
import { openRange, ranged, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

export const liveDecision = z
  .strictObject({
    symbol,
    ...decision.shape,
    candle: z.strictObject(barColumns).meta({ id: 'DecidedCandle', description: 'As it was decided on.' }),
    barHash: z.string().describe('SHA-256 of that candle.'),
    outcome: z.enum(['none', 'ordered', 'denied', 'missed', 'warmup']).meta({
      id: 'DecisionOutcome',
      description:
        '`none` nothing was to be done · `ordered` · `denied` by a limit · `missed` it came too late to be acted on · ' +
        '`warmup` the indicators were not ready.',
    }),
    hindrance: z.string().nullable().describe('Why it was denied or missed.'),
    order: z.string().nullable().describe('The id of the order that it led to.'),
    madeAt: utcInstant.describe('Market time.'),
  })
  .meta({ id: 'LiveDecision' })

export const LIVE_DECISION_EXAMPLE = {
  symbol: 'SPY',
  ...DECISION_EXAMPLE,
  candle: { ...BAR_EXAMPLE, time: DECISION_EXAMPLE.time, close: DECISION_EXAMPLE.close, high: 168.31 },
  barHash: '9f2c8a1d4b7e6f5030c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d',
  outcome: 'ordered',
  hindrance: null,
  order: '01K5Q3W2V8ZJ6T7Y0N4M5B9C1D',
  madeAt: '2013-10-07T18:00:03.112Z',
} as const

/** A decision as one line. */
const COLUMNS = [
  ...['time', 'decidedAt', 'open', 'high', 'low', 'close', 'volume', 'position', 'breakout', 'swingLow'],
  ...['movingAverage', 'stop', 'action', 'outcome', 'hindrance', 'reason', 'order', 'madeAt'],
]

export const listDecisions = operation({
  method: 'get',
  path: '/v1/decisions',
  operationId: 'listDecisions',
  tag: 'Trading',
  summary: 'List what the trader decided at each close, and why',
  description:
    'Oldest first: exactly one for each candle that has closed while it traded, also where nothing was done. ' +
    '`Accept: text/csv` streams the whole range, unless `limit` ends it.',
  access: 'read',
  query: ranged({
    symbol: symbol.optional().meta({ description: "The trader's symbol when left out." }),
    ...openRange,
    ...pageQuery,
  }),
  answers: {
    200: {
      description: 'A page of decisions.',
      schema: page(liveDecision, 'LiveDecisionPage'),
      example: { items: [LIVE_DECISION_EXAMPLE], nextCursor: null },
      csv: {
        header: COLUMNS.join(','),
        example:
          '2013-10-07T17:55:00Z,2013-10-07T18:00:00Z,167.43,168.31,167.42,168.3,12300,flat,168.17,167.93,168.0708,,enter,' +
          'ordered,,close 168.30 is above the breakout 168.17,01K5Q3W2V8ZJ6T7Y0N4M5B9C1D,2013-10-07T18:00:03.112Z',
      },
    },
  },
  problems: [400, 404, 503],
})
