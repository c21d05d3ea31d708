import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sessionsBetween } from '../../src/market/session.ts'
import { parseInstant } from '../../src/market/time.ts'
import { filledRequest } from '../../src/research/request.ts'
import { shownDecision, shownRequest } from '../../src/sweep/answer.ts'
import { decisionsPart } from '../../src/sweep/decisions.ts'
import { packed, unpacked } from '../../src/sweep/packedColumns.ts'
import { packedOutcome, unpackedOutcome } from '../../src/sweep/packedOutcome.ts'
import { runJob } from '../../src/sweep/run.ts'
import { waves } from '../support/waves.ts'

test('columns come back bit for bit', async () => {
  const column = fc.array(fc.double(), { maxLength: 20 }).map((values) => Float64Array.from(values))
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), column, { maxKeys: 5 }),
      async (columns) => {
        expect(await unpacked(packed(columns))).toEqual({ ...columns })
      },
    ),
    { numRuns: 50 },
  )
})

test('a stored outcome is what was stored, and its decisions are told again to the letter', async () => {
  const range = { from: parseInstant('2013-10-07T00:00:00Z'), to: parseInstant('2013-10-08T00:00:00Z') }
  const strategy = { left: 1, right: 2, length: 5 }
  const request = filledRequest({ symbol: 'SPY', ...range, size: '10s', base: '10s', strategy })
  const candles = waves(sessionsBetween(range, 'rth'))
  const outcome = runJob({ request, candles, seconds: null, minTick: 0.01, dataVersion: '', warnings: [] })
  const columns = packedOutcome(outcome)
  const { lines, pivotHighs, pivotLows, candles: kept } = await unpackedOutcome(columns)
  expect({ lines, pivotHighs, pivotLows }).toEqual({
    lines: outcome.lines,
    pivotHighs: outcome.pivotHighs,
    pivotLows: outcome.pivotLows,
  })
  expect([...kept]).toEqual([...candles])
  const told = await decisionsPart({
    request: JSON.stringify(shownRequest(request)),
    columns,
    first: 1_000,
    count: 9_999,
  })
  const expected = Array.from({ length: candles.length - 1_000 }, (_, k) =>
    JSON.stringify(shownDecision(outcome.decisionAt(1_000 + k))),
  )
  expect(told).toEqual(expected)
})
