import { z } from 'zod'
import { BAR_EXAMPLE, barColumns } from './bars.ts'
import { barSize, count, id, openRange, price, ranged, sessionKind, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const kind = z.enum(['badValue', 'jump', 'badPrint']).meta({
  id: 'QuarantineKind',
  description:
    '`badValue` a row that cannot be a bar · `jump` a price beyond twice or below half of its neighbours · ' +
    '`badPrint` a single bar that leaps out and comes back.',
})

const state = z.enum(['rejected', 'flagged', 'excluded', 'released']).meta({
  id: 'QuarantineState',
  description:
    '`rejected` no bar was made of it · `flagged` in the candles, which are `suspect` · `excluded` in no candle · ' +
    '`released` in the candles because a person said so.',
})

export const source = z
  .enum(['trader', 'live', 'repair', 'backfill', 'import', 'unknown'])
  .meta({ id: 'BarSource', description: 'The lane of the budget in which it was asked for, or a file.' })

export const barRequest = z.string().nullable().describe('The chunk or the import that brought it.')
export const marketTime = utcInstant.nullable().describe("When, on the market's clock.")
export const machineTime = utcInstant.describe("When, on the machine's clock.")

const asDelivered = z.union([z.number(), z.string(), z.null()])

const deliveredRow = z
  .strictObject({
    time: z.string().nullable(),
    ...{ open: asDelivered, high: asDelivered, low: asDelivered, close: asDelivered },
    ...{ volume: asDelivered, vwap: asDelivered, tradeCount: asDelivered },
  })
  .meta({ id: 'DeliveredRow', description: 'A row as it was delivered. What is no number is text or null.' })

const resampledBar = z
  .strictObject(barColumns)
  .meta({ id: 'CandleValues', description: 'What a candle is made of.' })

const changedCandle = z
  .strictObject({
    size: z.enum(['1m', '5m', '15m']),
    time: utcInstant.describe('When the candle starts.'),
    with: resampledBar.describe('The candle with the bar.'),
    without: resampledBar.nullable().describe('The candle without it; null where nothing else is in it.'),
  })
  .meta({ id: 'ChangedCandle' })

const changedLevel = z
  .strictObject({
    level: z.enum(['breakout', 'swingLow']),
    from: utcInstant.describe('The start of the first candle at whose close the level differs.'),
    to: utcInstant.describe('The end of the last one.'),
    candles: count.describe('How many five-minute candles these are.'),
    with: price.nullable(),
    without: price.nullable(),
  })
  .meta({ id: 'ChangedLevel' })

const exclusion = z
  .strictObject({
    session: sessionKind.describe('The candles that are compared.'),
    candles: z.array(changedCandle),
    levels: z
      .array(changedLevel)
      .describe('Levels of strict swings with three five-minute candles on either side.'),
  })
  .meta({
    id: 'Exclusion',
    description: 'What excluding the bar would change, or has changed, all other bars being as they are.',
  })

const item = z
  .strictObject({
    id,
    symbol,
    size: barSize,
    time: utcInstant.nullable().describe('When the bar starts; null where the row has no readable time.'),
    kind,
    state,
    decidedBy: z
      .enum(['rule', 'policy', 'person'])
      .describe('Who put it into its state; `policy` is `BAD_PRINTS`.'),
    reason: z.string(),
    bar: deliveredRow,
    source,
    request: barRequest,
    marketTime,
    machineTime,
    exclusion: exclusion.nullable().describe('Null for a row that is in no candle anyway.'),
  })
  .meta({ id: 'QuarantineItem' })

const CANDLE = {
  ...BAR_EXAMPLE,
  time: '2013-10-08T19:00:00Z',
  high: 167.51,
  low: 165.94,
  close: 165.99,
  open: 166,
}

const EXAMPLE = {
  id: '0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11',
  symbol: 'SPY',
  size: '1s' as const,
  time: '2013-10-08T19:03:04Z',
  kind: 'badPrint' as const,
  state: 'flagged' as const,
  decidedBy: 'policy' as const,
  reason: 'a single bar that reaches 0.92 % beyond its neighbours and comes back',
  bar: {
    time: '2013-10-08T19:03:04Z',
    ...{
      open: 167.51,
      high: 167.51,
      low: 167.51,
      close: 167.51,
      volume: 601_649,
      vwap: null,
      tradeCount: null,
    },
  },
  source: 'backfill' as const,
  request: '5f0e4a52-9f0c-4c1a-8a11-0b3e6f3f5f1f',
  marketTime: '2013-10-09T13:31:00Z',
  machineTime: '2026-11-20T09:00:00.120Z',
  exclusion: {
    session: 'rth' as const,
    candles: [{ size: '5m' as const, time: CANDLE.time, with: CANDLE, without: { ...CANDLE, high: 166.03 } }],
    levels: [
      {
        level: 'breakout' as const,
        ...{ from: '2013-10-08T19:15:00Z', to: '2013-10-08T19:50:00Z', candles: 7 },
        ...{ with: 167.51, without: 166.03 },
      },
    ],
  },
}

export const listQuarantine = operation({
  method: 'get',
  path: '/v1/quarantine',
  operationId: 'listQuarantine',
  tag: 'Market data',
  summary: 'List bad values and suspected bad prints',
  description:
    'Newest finding first. Rows that cannot be bars (a price that is no number or not above zero, high < low, an ' +
    'absurd volume) are kept here and nowhere else. A single second that leaps out and comes back is suspected: ' +
    '`BAD_PRINTS` says whether it stays in the candles. `exclusion` shows the candles and levels that excluding it ' +
    'would change, or has changed.',
  access: 'read',
  query: ranged({
    symbol: symbol.optional(),
    ...openRange,
    kind: kind.optional(),
    state: state.optional(),
    ...pageQuery,
  }),
  answers: {
    200: {
      description: 'A page of the quarantine.',
      schema: page(item, 'QuarantinePage'),
      example: { items: [EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 404, 503],
})

const params = z.strictObject({ id })
const problems = [404, 409, 503] as const

export const excludeBar = operation({
  method: 'post',
  path: '/v1/quarantine/{id}/exclude',
  operationId: 'excludeBar',
  tag: 'Market data',
  summary: 'Take a suspected bar out of the candles',
  description:
    'The stored bar stays; candles of every size are made without it from now on. Released again, they are what they ' +
    'were. The same bar delivered again stays out; another one in its place is judged afresh.',
  access: 'write',
  params,
  answers: { 200: { description: 'The item as it is now.', schema: item, example: EXAMPLE } },
  problems,
})

export const releaseBar = operation({
  method: 'post',
  path: '/v1/quarantine/{id}/release',
  operationId: 'releaseBar',
  tag: 'Market data',
  summary: 'Let a suspected bar into the candles',
  description: 'It stays there whatever `BAD_PRINTS` says, and its candles stay `suspect`.',
  access: 'write',
  params,
  answers: { 200: { description: 'The item as it is now.', schema: item, example: EXAMPLE } },
  problems,
})
