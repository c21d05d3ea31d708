import { z } from 'zod'
import { count, id, range, ranged, runState, sessionKind, symbol, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const backfill = z
  .strictObject({
    id,
    symbol,
    from: utcInstant,
    to: utcInstant,
    session: sessionKind,
    state: runState,
    createdAt: utcInstant,
    chunks: z
      .strictObject({
        total: count,
        done: count,
        empty: count.describe('The broker says twice that it has nothing there; counts as done.'),
        failed: count,
      })
      .describe('A chunk is at most 1,800 seconds of one session.'),
    eta: utcInstant
      .nullable()
      .describe('When it will be done in market time; null when it is, or nobody can say.'),
  })
  .meta({ id: 'Backfill' })

const EXAMPLE = {
  id: '0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11',
  symbol: 'SPY',
  from: '2013-10-07T13:30:00Z',
  to: '2013-10-07T20:00:00Z',
  session: 'rth',
  state: 'running',
  createdAt: '2013-10-09T14:00:00Z',
  chunks: { total: 13, done: 5, empty: 0, failed: 0 },
  eta: '2013-10-09T14:03:00Z',
}

const params = z.strictObject({ id })

export const addBackfill = operation({
  method: 'post',
  path: '/v1/backfills',
  operationId: 'addBackfill',
  tag: 'Backfills',
  summary: 'Fill a range with 1-second bars',
  description:
    'Asks the broker for what is not covered yet, in chunks, as the pacing budget allows. `session` defaults to ' +
    '`COLLECT_SESSION`. A range older than six months of market time, or that has not begun, is 422.',
  access: 'write',
  body: ranged({ symbol, ...range, session: sessionKind.optional() }).meta({ id: 'NewBackfill' }),
  bodyExample: { symbol: 'SPY', from: '2013-10-07T13:30:00Z', to: '2013-10-07T20:00:00Z', session: 'rth' },
  idempotent: true,
  answers: {
    202: {
      description: 'Accepted.',
      schema: backfill,
      example: EXAMPLE,
      headers: { Location: 'Where its progress is found.' },
    },
  },
  problems: [404, 409, 503],
})

export const listBackfills = operation({
  method: 'get',
  path: '/v1/backfills',
  operationId: 'listBackfills',
  tag: 'Backfills',
  summary: 'List the backfills',
  description: 'Newest first.',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of backfills.',
      schema: page(backfill, 'BackfillPage'),
      example: { items: [EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 503],
})

export const getBackfill = operation({
  method: 'get',
  path: '/v1/backfills/{id}',
  operationId: 'getBackfill',
  tag: 'Backfills',
  summary: 'Get a backfill',
  description: 'Its `ETag` changes with its progress, and not with `eta` alone.',
  access: 'read',
  params,
  etag: true,
  answers: { 200: { description: 'The backfill.', schema: backfill, example: EXAMPLE } },
  problems: [404, 503],
})

export const cancelBackfill = operation({
  method: 'delete',
  path: '/v1/backfills/{id}',
  operationId: 'cancelBackfill',
  tag: 'Backfills',
  summary: 'Cancel a backfill',
  description: 'Chunks that wait are cancelled, stored bars stay. A finished backfill is left as it is.',
  access: 'write',
  params,
  answers: { 200: { description: 'The backfill as it is now.', schema: backfill, example: EXAMPLE } },
  problems: [404, 503],
})
