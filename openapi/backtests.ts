import { z } from 'zod'
import { newBacktest } from './backtestRequest.ts'
import { BACKTEST_EXAMPLE, backtest, LISTED_EXAMPLE, listed, openExample } from './backtestResult.ts'
import { id } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const params = z.strictObject({ id })
const shared = { tag: 'Research', access: 'read' } as const

export const addBacktest = operation({
  ...shared,
  method: 'post',
  path: '/v1/backtests',
  operationId: 'addBacktest',
  summary: 'Run a backtest',
  description:
    'Answers the finished result when it is there within 30 s (201), else where it will be found (202); ' +
    '`Prefer: respond-async` asks for the latter. The candles are the complete ones that `/v1/candles` gives for the ' +
    'same range. One runs at a time and five wait: past that it is 429. Time that is not covered is told in `warnings`, ' +
    'and less than 90 % is refused unless `force` is set.',
  body: newBacktest,
  bodyExample: { symbol: 'SPY', from: '2013-10-07T13:30:00Z', to: '2013-10-09T20:00:00Z' },
  bodyBytes: 1_024 * 1_024,
  idempotent: true,
  async: true,
  answers: {
    201: {
      description: 'It has ended.',
      schema: backtest,
      example: BACKTEST_EXAMPLE,
      headers: { Location: 'Where it is found.' },
    },
    202: {
      description: 'It waits or runs.',
      schema: backtest,
      example: openExample('running', null),
      headers: { Location: 'Where its progress is found.' },
    },
  },
  problems: [404, 429, 503],
})

export const listBacktests = operation({
  ...shared,
  method: 'get',
  path: '/v1/backtests',
  operationId: 'listBacktests',
  summary: 'List the backtests',
  description: 'Newest first, without their trades.',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of backtests.',
      schema: page(listed, 'BacktestPage'),
      example: { items: [LISTED_EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 503],
})

export const getBacktest = operation({
  ...shared,
  method: 'get',
  path: '/v1/backtests/{id}',
  operationId: 'getBacktest',
  summary: 'Get a backtest',
  params,
  etag: true,
  answers: { 200: { description: 'The backtest.', schema: backtest, example: BACKTEST_EXAMPLE } },
  problems: [404, 503],
})

export const removeBacktest = operation({
  ...shared,
  method: 'delete',
  path: '/v1/backtests/{id}',
  operationId: 'removeBacktest',
  summary: 'Cancel or delete a backtest',
  description: 'One that waits or runs is cancelled and kept as such; one that has ended is deleted.',
  params,
  answers: {
    200: {
      description: 'It is cancelled.',
      schema: backtest,
      example: openExample('cancelled', 'it was cancelled by request'),
    },
    204: { description: 'It is deleted.', schema: null },
  },
  problems: [404, 503],
})
