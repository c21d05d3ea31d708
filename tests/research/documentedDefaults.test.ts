import { expect, test } from 'vitest'
import { z } from 'zod'
import { backtestRequest } from '../../openapi/backtestRequest.ts'
import { parseInstant } from '../../src/market/time.ts'
import { filledRequest } from '../../src/research/request.ts'

/** The value that a schema documents for a field, or for each field of its own. */
function documented(schema: z.core.$ZodType): unknown {
  const { default: value } = z.globalRegistry.get(schema) ?? {}
  if (value !== undefined || !(schema instanceof z.ZodObject)) return value
  return Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, documented(field)]))
}

test('the defaults that the document names are those that a request is filled with', () => {
  const range = { from: parseInstant('2024-06-03T00:00:00Z'), to: parseInstant('2024-06-04T00:00:00Z') }
  const { symbol, from, to, ...filled } = filledRequest({ symbol: 'SPY', ...range })
  expect(documented(backtestRequest)).toStrictEqual({
    ...{ symbol: undefined, from: undefined, to: undefined },
    ...filled,
  })
})
