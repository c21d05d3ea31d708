import { z } from 'zod'
import { barSize, count, openRange, price, ranged, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

/** The columns of a stored bar, in the order of the CSV. */
export const barColumns = {
  time: utcInstant.describe('When the bar starts.'),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: z.number().min(0).describe('Shares.'),
  vwap: price.nullable().describe('Volume-weighted average price, or null where the source has none.'),
  tradeCount: count.nullable().describe('Number of trades, or null where the source has none.'),
}

const bar = z.strictObject(barColumns).meta({ id: 'Bar' })

export const BAR_EXAMPLE = {
  time: '2013-10-07T13:30:00Z',
  open: 167.43,
  high: 167.45,
  low: 167.42,
  close: 167.44,
  volume: 12_300,
  vwap: null,
  tradeCount: null,
}

const BAR_HEADER = Object.keys(barColumns).join(',')

export const listBars = operation({
  method: 'get',
  path: '/v1/bars',
  operationId: 'listBars',
  tag: 'Market data',
  summary: 'List stored bars',
  description:
    'Bars as they were collected or imported, oldest first, those that the quarantine keeps out of the candles ' +
    'included. A second without a trade has no bar. ' +
    '`Accept: text/csv` streams the whole range, however long, unless `limit` ends it, and ' +
    '`Accept: application/vnd.apache.parquet` does the same as a Parquet file.',
  access: 'read',
  query: ranged({
    symbol,
    size: barSize.optional().meta({ default: '1s' }),
    ...openRange,
    ...pageQuery,
  }),
  etag: true,
  answers: {
    200: {
      description: 'A page of bars, or the whole range as CSV.',
      schema: page(bar, 'BarPage'),
      example: { items: [BAR_EXAMPLE], nextCursor: null },
      parquet: true,
      csv: { header: BAR_HEADER, example: '2013-10-07T13:30:00Z,167.43,167.45,167.42,167.44,12300,,' },
    },
  },
  problems: [400, 404, 503],
})
