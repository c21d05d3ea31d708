import { z } from 'zod'
import { BAR_EXAMPLE, barColumns } from './bars.ts'
import { barSize, count, openRange, ranged, symbol } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'
import { barRequest, machineTime, marketTime, source } from './quarantine.ts'

const revision = z
  .strictObject({
    before: z.strictObject(barColumns).meta({ id: 'RevisedBar', description: 'The bar as it was.' }),
    source,
    request: barRequest,
    marketTime,
    machineTime,
  })
  .meta({ id: 'Revision' })

const revisionPage = page(revision, 'RevisionPage').extend({
  total: count.describe('How many there are in the range, on all pages.'),
})

export const listRevisions = operation({
  method: 'get',
  path: '/v1/revisions',
  operationId: 'listRevisions',
  tag: 'Market data',
  summary: 'List what bars were before they were changed',
  description:
    'Newest change first. A bar that the broker answers differently replaces the stored one, whose values are kept ' +
    'here; `GET /v1/bars` has the present ones. `from` and `to` are of the bars. The same data again is no revision.',
  access: 'read',
  query: ranged({ symbol, size: barSize.optional().meta({ default: '1s' }), ...openRange, ...pageQuery }),
  answers: {
    200: {
      description: 'A page of revisions.',
      schema: revisionPage.meta({ id: 'RevisionPage' }),
      example: {
        items: [
          {
            before: BAR_EXAMPLE,
            source: 'live' as const,
            request: null,
            marketTime: '2013-10-07T13:30:15Z',
            machineTime: '2026-11-20T09:00:00.120Z',
          },
        ],
        nextCursor: null,
        total: 1,
      },
    },
  },
  problems: [400, 404, 503],
})
