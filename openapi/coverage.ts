import { z } from 'zod'
import { barSize, count, exchangeDate, range, ranged, sessionKind, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const gap = z
  .strictObject({
    from: utcInstant,
    to: utcInstant,
    state: z
      .enum(['missing', 'failed', 'partial', 'empty'])
      .describe(
        '`missing` never asked for · `failed` asked in vain · `partial` answered in part · ' +
          '`empty` the broker has nothing there, which counts as covered.',
      ),
  })
  .meta({ id: 'Gap' })

const sessionCoverage = z
  .strictObject({
    date: exchangeDate.describe("The session's date in New York."),
    open: utcInstant,
    close: utcInstant,
    expectedSeconds: count.describe('Seconds of the session that have passed.'),
    coveredSeconds: count.describe('How many of these were asked of the broker and answered.'),
    gaps: z.array(gap),
  })
  .meta({ id: 'SessionCoverage' })

export const listCoverage = operation({
  method: 'get',
  path: '/v1/coverage',
  operationId: 'listCoverage',
  tag: 'Market data',
  summary: 'List what is covered, session by session',
  description:
    'Every session that has opened and overlaps the range, whole, oldest first. What is covered is known from the ' +
    'requests that were answered, not from counting bars. `session` defaults to `COLLECT_SESSION`. ' +
    'A range of more than ten years is 422.',
  access: 'read',
  query: ranged({
    symbol,
    ...range,
    size: barSize.optional().meta({ default: '1s' }),
    session: sessionKind.optional(),
    ...pageQuery,
  }),
  etag: true,
  answers: {
    200: {
      description: 'A page of sessions.',
      schema: page(sessionCoverage, 'CoveragePage'),
      example: {
        items: [
          {
            date: '2013-10-07',
            open: '2013-10-07T13:30:00Z',
            close: '2013-10-07T20:00:00Z',
            expectedSeconds: 23_400,
            coveredSeconds: 21_600,
            gaps: [{ from: '2013-10-07T19:30:00Z', to: '2013-10-07T20:00:00Z', state: 'missing' }],
          },
        ],
        nextCursor: null,
      },
    },
  },
  problems: [400, 404, 503],
})
