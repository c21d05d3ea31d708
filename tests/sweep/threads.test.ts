import { afterAll, expect, test } from 'vitest'
import { sessionsBetween } from '../../src/market/session.ts'
import { parseInstant } from '../../src/market/time.ts'
import { filledRequest } from '../../src/research/request.ts'
import { openThreadPool } from '../../src/sweep/pool.ts'
import { finishedRun, runJob } from '../../src/sweep/run.ts'
import { WORKER } from '../support/threads.ts'
import { waves } from '../support/waves.ts'

const range = { from: parseInstant('2013-10-07T00:00:00Z'), to: parseInstant('2013-10-12T00:00:00Z') }
const threads = openThreadPool(WORKER)
afterAll(() => threads.close())

const strategy = { left: 1, right: 1, length: 5 }
const request = filledRequest({ symbol: 'SPY', ...range, size: '10s', base: '10s', strategy })
const candles = waves(sessionsBetween(range, 'rth'))
const job = { request, candles, seconds: null, minTick: 0.01, dataVersion: 'abc', warnings: ['told'] }
const unaborted = new AbortController().signal

test('a thread gives the bytes that the same job gives here', async () => {
  const there = await threads.run(job, unaborted)
  const here = finishedRun(job, runJob(job))
  expect(there).toEqual({ ...here, columns: new Uint8Array(here.columns) })
  expect(JSON.parse(there.trades).length).toBeGreaterThan(10)
})

test('it reads the columns where they lie', async () => {
  const before = await threads.run(job, unaborted)
  const close = candles.close[5_000]!
  candles.close[5_000] = candles.high[5_000]! + 1
  expect((await threads.run(job, unaborted)).result).not.toBe(before.result)
  candles.close[5_000] = close
})

test('an abort ends a run, and the next one finds a thread', async () => {
  const abort = new AbortController()
  const running = threads.run(job, abort.signal)
  abort.abort()
  await expect(running).rejects.toThrow()
  expect((await threads.run(job, unaborted)).result).toContain('"candles":11700')
})

test('what a thread throws is thrown here', async () => {
  const senseless = { ...job, request: { ...request, strategy: { ...request.strategy, left: -1 } } }
  await expect(threads.run(senseless, unaborted)).rejects.toThrow(/-1/)
})
