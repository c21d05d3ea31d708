import { z } from 'zod'
import { count, symbol } from './fields.ts'
import { operation } from './operation.ts'

const importSize = z
  .enum(['1s', '1m', '1h', '1d'])
  .meta({ id: 'ImportSize', description: 'The size of the bars in the file.', examples: ['1m'] })

const rejectedLine = z
  .strictObject({ line: z.int().min(1), message: z.string() })
  .meta({ id: 'RejectedLine', description: 'A line that was left out; the header is line 1.' })

const importResult = z
  .strictObject({
    received: count.describe('Lines with content below the header.'),
    inserted: count.describe('Bars that were not stored before.'),
    updated: count.describe('Stored bars that differed and were replaced; what they were is kept.'),
    unchanged: count.describe('Bars that were stored already.'),
    quarantined: count.describe('Bars with values that cannot be; `/v1/quarantine` shows them.'),
    rejected: z.array(rejectedLine).describe('At most 1,000; a file with more is refused.'),
  })
  .meta({ id: 'ImportResult', description: '`received` is the sum of all others.' })

const MEBIBYTE = 1_024 * 1_024

export const importBars = operation({
  method: 'post',
  path: '/v1/bars/imports',
  operationId: 'importBars',
  tag: 'Market data',
  summary: 'Import bars from a CSV file',
  description:
    'The whole file or nothing, in one transaction: the same file again changes nothing. Lines may come in any order; ' +
    'of lines with the same time the first counts and the others are `rejected`. The body may be gzipped, told by ' +
    '`Content-Encoding: gzip`, by its media type or by its first bytes.\n\n' +
    'Times are instants with `Z` or an offset: whole seconds for `1s`, whole minutes for the others. A bar of `1d` ' +
    "belongs to the exchange's date, also when that alone is written, and its `time` becomes the open of that session; " +
    'a date without a session is `rejected`. Bars of `1h` are kept as they come. Prices are rounded to four decimals. ' +
    'NaN, high < low, prices of zero or below and absurd volumes are `quarantined`. A bar that ends after now on the ' +
    "market's clock ends the import, as does a field that says nothing (422) or a line of another form (400); `errors` " +
    'names up to 100 lines as `/17/close`: line 17, column `close`, line 1 being the header.\n\n' +
    'Then the sessions from the first to the last bar are covered for that size: the regular hours, or the extended ' +
    'ones too when a bar lies in them; an open session as far as the bars reach. The symbol must be known: ' +
    '`POST /v1/instruments` adds it. At most 10,000,000 lines.',
  access: 'write',
  query: z.strictObject({ symbol, size: importSize }),
  upload: {
    mediaTypes: ['text/csv', 'application/gzip'],
    mostBytes: 256 * MEBIBYTE,
    example: 'time,open,high,low,close,volume\n2013-10-07T13:30:00Z,167.43,167.45,167.42,167.44,12300\n',
  },
  answers: {
    200: {
      description: 'What has become of the lines.',
      schema: importResult,
      example: {
        received: 390,
        inserted: 388,
        updated: 0,
        unchanged: 0,
        quarantined: 1,
        rejected: [{ line: 17, message: 'time: an earlier line has the same time' }],
      },
    },
  },
  problems: [400, 404, 413, 415, 503],
})
