import { afterAll, expect, test } from 'vitest'
import { BarSeries } from '../../src/market/series.ts'
import { isoInstant, parseInstant } from '../../src/market/time.ts'
import { bar, secondAt, spy } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'

const { stores, drop } = await testDatabase()
afterAll(drop)

let count = 0
const fresh = () => stores.instruments.save({ ...spy, symbol: `SYM${++count}` })
const EVER = { from: parseInstant('2000-01-01T00:00:00Z'), to: parseInstant('2100-01-01T00:00:00Z') }
const LIVE = { source: 'live', request: null, at: secondAt(60) } as const

test.each(['upsert', 'load'] as const)(
  'what %s changes is kept as it was, with who changed it and when',
  async (way) => {
    const instrument = await fresh()
    const bars = { instrument, size: '1s', ...EVER } as const
    await stores.bars.load(instrument, '1s', BarSeries.of([bar(0), bar(1, { vwap: null }), bar(2)]))
    const counts = await stores.bars[way](instrument, '1s', BarSeries.of([bar(1), bar(2), bar(3)]), LIVE)
    expect(counts).toEqual({ inserted: 1, updated: 1, unchanged: 1 })
    const [revision, ...others] = await stores.revisions.list(bars, { limit: 10 })
    expect(others).toEqual([])
    expect(revision).toMatchObject({
      before: bar(1, { vwap: null }),
      ...{ source: 'live', request: null, marketTime: secondAt(60) },
    })
    expect(isoInstant(revision!.machineTime) > '2020').toBe(true)
  },
)

test('the same data again is no revision', async () => {
  const instrument = await fresh()
  const bars = { instrument, size: '1s', ...EVER } as const
  for (const way of ['load', 'upsert', 'load'] as const)
    await stores.bars[way](instrument, '1s', BarSeries.of([bar(0), bar(1)]), LIVE)
  expect(await stores.revisions.count(bars)).toBe(0)
})

test('a bar changed twice has two revisions, newest first, and larger bars have their own', async () => {
  const instrument = await fresh()
  for (const volume of [1, 2, 3])
    await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(0, { volume })]))
  for (const volume of [5e9, 6e9])
    await stores.bars.load(instrument, '1m', BarSeries.of([bar(0, { volume })]))
  const volumes = async (size: '1s' | '1m', limit = 10) =>
    (await stores.revisions.list({ instrument, size, ...EVER }, { limit })).map(({ before }) => before.volume)
  expect(await volumes('1s')).toEqual([2, 1])
  expect(await volumes('1s', 1)).toEqual([2])
  expect(await volumes('1m')).toEqual([5e9])
  expect(await stores.revisions.count({ instrument, size: '1s', ...EVER, from: secondAt(1) })).toBe(0)
})

test('a transaction that fails leaves neither a revision nor an item behind', async () => {
  const instrument = await fresh()
  await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(0)]))
  const rejected = [{ time: null, reason: 'the time is unreadable', sample: '{}' }]
  const failing = stores.transaction(async (tx) => {
    await tx.bars.upsert(instrument, '1s', BarSeries.of([bar(0, { volume: 1 })]), { rejected })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await stores.revisions.count({ instrument, size: '1s', ...EVER })).toBe(0)
  expect(await stores.quarantine.list({ instrument, limit: 10 })).toEqual([])
})
