import { expect, test } from 'vitest'
import { type AppError, refused } from '../../src/errors.ts'
import { sessionOn } from '../../src/market/session.ts'
import type { BacktestOrder, FinishedRun } from '../../src/ports/backtests.ts'
import { openBacktests } from '../../src/research/backtests.ts'
import type { ThreadPool } from '../../src/sweep/pool.ts'
import { spy } from '../support/bars.ts'
import { manualClock } from '../support/manualClock.ts'
import { memoryDatabase } from '../support/twins/database.ts'
import { waves } from '../support/waves.ts'

const session = sessionOn('2013-10-07', 'rth')!
const order: BacktestOrder = { symbol: 'SPY', ...session, size: '1m' }
const FINISHED: FinishedRun = { result: '{"candles":390}', trades: '[]', columns: new Uint8Array() }
const WAIT_MS = 30_000

/** Threads whose runs end when the test says so. */
function scriptedThreads() {
  const runs: { end(run: FinishedRun): void; fail(error: Error): void; signal: AbortSignal }[] = []
  const threads: ThreadPool = {
    run: (_, signal) =>
      new Promise((end, fail) => {
        runs.push({ end, fail, signal })
        signal.addEventListener('abort', () => fail(new Error('aborted')))
      }),
    draw: async () => new Uint8Array(),
    trades: async () => [],
    decisions: async () => [],
    equity: () => Promise.reject(new Error('not asked')),
    close: async () => {},
  }
  return { threads, runs }
}

async function subject() {
  const { stores } = memoryDatabase()
  const instrument = await stores.instruments.save(spy)
  await stores.bars.load(instrument, '1s', waves([session]))
  await stores.coverage.mark(instrument, '1s', session, 'done')
  const clock = manualClock(session.to)
  const { threads, runs } = scriptedThreads()
  const failures: object[] = []
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (fields: object) => failures.push(fields),
    child: () => log,
  }
  const backtests = openBacktests({ stores, threads, market: clock, machine: clock, log })
  const running = (count: number) => expect.poll(() => runs.length).toBe(count)
  const stateOf = async (id: string) => (await stores.backtests.find(id))?.state
  return { stores, backtests, clock, runs, running, stateOf, failures }
}

test('one runs and five wait; the seventh is told to come back', async () => {
  const { backtests, runs, running, stateOf } = await subject()
  const ids: string[] = []
  for (let i = 0; i < 6; i++) ids.push((await backtests.submit(order, 0)).id)
  await running(1)
  expect(await Promise.all(ids.map(stateOf))).toEqual(['running', ...Array(5).fill('queued')])
  await expect(backtests.submit(order, 0)).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 5_000 })
  runs[0]!.end(FINISHED)
  await running(2)
  expect(await stateOf(ids[0]!)).toBe('done')
  await backtests.submit(order, 0)
})

test('a client waits for the end, and no longer than it likes', async () => {
  const { backtests, clock, runs, running } = await subject()
  const waiting = backtests.submit(order, WAIT_MS)
  await running(1)
  runs[0]!.end(FINISHED)
  expect(await waiting).toMatchObject({ state: 'done', result: FINISHED.result })
  const impatient = backtests.submit(order, WAIT_MS)
  await running(2)
  await clock.advance(WAIT_MS)
  expect(await impatient).toMatchObject({ state: 'running', result: null })
})

test('what is cancelled while it waits never runs, and its place is free', async () => {
  const { backtests, runs, running, stateOf } = await subject()
  const first = await backtests.submit(order, 0)
  await running(1)
  const waiting = backtests.submit(order, WAIT_MS)
  await expect.poll(async () => (await backtests.find('backtest-2')).state).toBe('queued')
  expect(await backtests.withdraw('backtest-2')).toMatchObject({ state: 'cancelled' })
  expect(await waiting).toMatchObject({ state: 'cancelled', reason: 'it was cancelled by request' })
  const last = await backtests.submit(order, 0)
  runs[0]!.end(FINISHED)
  await running(2)
  expect(await Promise.all([first.id, last.id].map(stateOf))).toEqual(['done', 'running'])
})

test('what is cancelled while it runs has its thread ended', async () => {
  const { backtests, runs, running, stateOf, failures } = await subject()
  const { id } = await backtests.submit(order, 0)
  await running(1)
  await backtests.withdraw(id)
  expect(runs[0]!.signal.aborted).toBe(true)
  expect(await stateOf(id)).toBe('cancelled')
  await backtests.submit(order, 0)
  await running(2)
  expect(failures).toEqual([])
})

test('what another process cancels is ended within two seconds', async () => {
  const { stores, backtests, clock, runs, running } = await subject()
  const { id } = await backtests.submit(order, 0)
  await running(1)
  await stores.backtests.cancel(id, 'it was cancelled by request')
  await clock.advance(2_000)
  await expect.poll(() => runs[0]!.signal.aborted).toBe(true)
})

test('a run that breaks has failed; the log alone says how', async () => {
  const { backtests, runs, running, failures } = await subject()
  const waiting = backtests.submit(order, WAIT_MS)
  await running(1)
  runs[0]!.fail(new Error('no such thing'))
  expect(await waiting).toMatchObject({ state: 'failed', reason: 'the run has a defect; the log tells more' })
  expect(failures).toHaveLength(1)
})

test('a run that needs too much memory is refused to who waits, and kept as failed where nobody does', async () => {
  const { stores, backtests, runs, running } = await subject()
  const tooMuch = refused('it needs more than the 1024 MB that a run may take')
  const waiting = backtests.submit(order, WAIT_MS).catch((error: AppError) => error)
  await running(1)
  runs[0]!.fail(tooMuch)
  expect(await waiting).toBe(tooMuch)
  expect(await stores.backtests.list({ limit: 9 })).toEqual([])
  const { id } = await backtests.submit(order, 0)
  await running(2)
  runs[1]!.fail(tooMuch)
  await expect.poll(() => backtests.find(id)).toMatchObject({ state: 'failed', reason: tooMuch.message })
})

test('a service that stops leaves nothing open', async () => {
  const { backtests, runs, running, stateOf } = await subject()
  const ids = [(await backtests.submit(order, 0)).id, (await backtests.submit(order, 0)).id]
  await running(1)
  await backtests.stop()
  expect(await Promise.all(ids.map(stateOf))).toEqual(['failed', 'failed'])
  expect(runs.map(({ signal }) => signal.aborted)).toEqual([true])
})
