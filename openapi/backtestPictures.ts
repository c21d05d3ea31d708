import { z } from 'zod'
import { id, known } from './fields.ts'
import { operation } from './operation.ts'

const pixels = z.int().min(480).max(4_000)

const shared = {
  method: 'get',
  tag: 'Research',
  access: 'read',
  rate: 'heavy',
  params: z.strictObject({ id }),
  etag: true,
  problems: [404, 409, 429, 503],
} as const

const query = z.strictObject({
  theme: known(['light', 'dark']).optional().meta({ default: 'light' }),
  width: pixels
    .optional()
    .meta({ description: 'Pixels; as wide as the candles need when left out.', examples: [1_280] }),
  height: pixels
    .optional()
    .meta({ description: 'Pixels; fitting the width when left out.', examples: [900] }),
})

const SHOWN =
  'Candles, swing highs and lows, both levels, the moving average, entries and exits, volume, equity beside buy and ' +
  'hold, and drawdown, in exchange time. More than 2,000 candles are summed up, and the picture says so. 409 until the ' +
  'backtest is done.'

export const drawBacktest = operation({
  ...shared,
  path: '/v1/backtests/{id}/chart.svg',
  operationId: 'drawBacktest',
  summary: 'A backtest as an SVG',
  description: SHOWN,
  query,
  answers: { 200: { description: 'The picture.', schema: null, mediaType: 'image/svg+xml' } },
})

export const paintBacktest = operation({
  ...shared,
  path: '/v1/backtests/{id}/chart.png',
  operationId: 'paintBacktest',
  summary: 'A backtest as a PNG',
  description: SHOWN,
  query,
  answers: { 200: { description: 'The picture.', schema: null, mediaType: 'image/png' } },
})

export const reportBacktest = operation({
  ...shared,
  path: '/v1/backtests/{id}/report.html',
  operationId: 'reportBacktest',
  summary: 'A backtest as a page',
  description:
    'The chart, the statistics, the trades and the monthly returns, in one page that needs nothing else.',
  answers: { 200: { description: 'The page.', schema: null, mediaType: 'text/html' } },
})
