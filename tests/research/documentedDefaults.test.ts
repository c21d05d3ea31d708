import { expect, test } from 'vitest'
import { backtestRequest } from '../../openapi/backtestRequest.ts'
import { parseInstant } from '../../src/market/time.ts'
import { filledRequest } from '../../src/research/request.ts'
import { documented } from '../support/documented.ts'

test('the defaults that the document names are those that a request is filled with', () => {
  const range = { from: parseInstant('2024-06-03T00:00:00Z'), to: parseInstant('2024-06-04T00:00:00Z') }
  const { symbol, from, to, ...filled } = filledRequest({ symbol: 'SPY', ...range })
  expect(documented(backtestRequest)).toStrictEqual({
    ...{ symbol: undefined, from: undefined, to: undefined },
    ...filled,
  })
})
