import { z } from 'zod'
import { BAR_EXAMPLE, barColumns } from './bars.ts'
import { alignment, barSize, openRange, ranged, sessionKind, symbol } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

/** The columns of a candle, in the order of the CSV. */
const candleColumns = {
  ...barColumns,
  complete: z.boolean().describe('Whether its end has passed: only then will it not change by trading.'),
  coverage: z.number().min(0).max(1).describe('How much of its time was asked of the broker and answered.'),
  suspect: z
    .boolean()
    .describe('Whether a suspected bad print lies inside: see `/v1/quarantine`. An excluded one does not.'),
}

const candle = z.strictObject(candleColumns).meta({ id: 'Candle' })

const CANDLE_HEADER = Object.keys(candleColumns).join(',')

export const listCandles = operation({
  method: 'get',
  path: '/v1/candles',
  operationId: 'listCandles',
  tag: 'Market data',
  summary: 'List candles',
  description:
    'Bars of the size asked for, made from stored bars of size `base`, oldest first. A bucket without bars has no ' +
    'candle. `size` equal to `base` answers the stored bars as they are. A size that the base cannot build in that ' +
    'alignment is 422. `Accept: text/csv` streams the whole range, however long, unless `limit` ends it.',
  access: 'read',
  query: ranged({
    symbol,
    size: barSize,
    ...openRange,
    session: sessionKind.optional().meta({ default: 'rth' }),
    align: alignment.optional().meta({ default: 'session' }),
    base: barSize.optional().meta({ default: '1s', description: 'The size of the stored bars.' }),
    ...pageQuery,
  }),
  etag: true,
  answers: {
    200: {
      description: 'A page of candles, or the whole range as CSV.',
      schema: page(candle, 'CandlePage'),
      example: {
        items: [{ ...BAR_EXAMPLE, complete: true, coverage: 1, suspect: false }],
        nextCursor: null,
      },
      csv: {
        header: CANDLE_HEADER,
        example: '2013-10-07T13:30:00Z,167.43,167.53,167.25,167.5,3677862,,,true,1,false',
      },
    },
  },
  problems: [400, 404, 503],
})
