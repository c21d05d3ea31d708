import fc from 'fast-check'
import type { OpenAPIObject } from 'openapi3-ts/oas31'
import { expect, test } from 'vitest'
import { type Operation, problemsOf } from '../../openapi/operation.ts'
import { type ProblemStatus, problem } from '../../openapi/problem.ts'
import { operationsOf, routesOf } from '../../routes/routes.ts'
import { BarSeries } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { plus, SECOND_MS } from '../../src/market/time.ts'
import { bar } from '../support/bars.ts'
import { type FuzzedRequest, requestsOf } from './arbitraries.ts'
import { served, withBars } from './served.ts'

const RUNS = 2_000

const { app, deps, stores } = await served()
const operations = new Map(
  operationsOf(routesOf(deps)).map((operation) => [operation.operationId, operation]),
)
const document = (await (await app.request('/openapi.json')).json()) as OpenAPIObject

const tuesday = sessionOn('2013-10-08', 'rth')!
const seconds = Array.from({ length: 3_000 }, (_, i) => ({
  ...bar(0),
  time: plus(tuesday.from, i * SECOND_MS),
}))
await withBars(stores, BarSeries.of(seconds), [{ from: tuesday.from, to: plus(tuesday.from, 3_600_000) }])

/** Backtests that are there to be asked for. */
async function backtests(count: number): Promise<string[]> {
  const range = { from: tuesday.from, to: tuesday.to }
  const order = { symbol: 'SPY', ...range, size: '1m', strategy: { length: 5 }, force: true } as const
  const made = Array.from({ length: count }, () => deps.backtests.submit(order, 30_000))
  return (await Promise.all(made)).map(({ id }) => id)
}

const ids = await backtests(6)

/** What an answer may be by the contract: its status, its media type and its body. */
async function expectDocumented(operation: Operation, answer: Response): Promise<void> {
  const { status } = answer
  const type = answer.headers.get('content-type')
  if (status === 304) return expect(operation.etag).toBe(true)
  const spec = operation.answers[status as keyof Operation['answers']]
  if (spec === undefined) {
    expect(problemsOf(operation)).toContain(status as ProblemStatus)
    expect(type).toBe('application/problem+json')
    expect(problem.parse(await answer.json()).status).toBe(status)
  } else if (type?.startsWith('text/csv')) {
    expect((await answer.text()).split('\n')[0]).toBe(spec.csv?.header)
  } else if (type?.startsWith('text/event-stream')) {
    await answer.body?.cancel()
  } else if (spec.schema !== null) {
    expect(type).toBe('application/json')
    spec.schema.parse(await answer.json())
  }
}

test(`${RUNS} right and hostile requests get documented answers, and none is a 5xx`, {
  timeout: 180_000,
}, async () => {
  const counts = new Map<number, number>()
  const ask = async ({ operationId, url, init }: FuzzedRequest) => {
    const answer = await app.request(url, init)
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
    expect(answer.status).toBeLessThan(500)
    await expectDocumented(operations.get(operationId)!, answer)
  }
  await fc.assert(fc.asyncProperty(requestsOf(document, ids), ask), { numRuns: RUNS })
  expect([...counts.keys()]).toEqual(expect.arrayContaining([200, 201, 202, 400, 401, 404, 409, 415, 422]))
})
