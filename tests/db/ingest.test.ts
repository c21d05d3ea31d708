import fc from 'fast-check'
import { afterAll, expect, test, vi } from 'vitest'
import { repairRollups } from '../../db/rollupRepair.ts'
import { poolSession } from '../../db/session.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { bar, revised, someSeconds, spy } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)

let count = 0
const fresh = () => stores.instruments.save({ ...spy, symbol: `SYM${++count}` })
const repair = () => repairRollups(poolSession(pool))
const halfHour = Array.from({ length: 1_800 }, (_, i) => bar(i))

/** Which row versions there are, and where they lie: any write shows. */
async function versions(): Promise<unknown[]> {
  const { rows } = await pool.query(`
    select 'seconds', tableoid, ctid, xmin from second_bars
    union all select 'rollups', tableoid, ctid, xmin from rollups order by 1, 2, 3`)
  return rows
}

test.each(['upsert', 'load'] as const)('bars sent again by %s write nothing', async (way) => {
  const instrument = await fresh()
  await stores.bars[way](instrument, '1s', BarSeries.of(halfHour))
  const before = await versions()
  const counts = await stores.bars[way](instrument, '1s', BarSeries.of(halfHour))
  expect(counts).toEqual({ inserted: 0, updated: 0, unchanged: 1_800 })
  expect(await versions()).toEqual(before)
})

test('a revised second writes its own row and the three buckets that hold it', async () => {
  const instrument = await fresh()
  await stores.bars.load(instrument, '1s', BarSeries.of(halfHour))
  const before = new Set((await versions()).map((version) => JSON.stringify(version)))
  await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(10), bar(11, { volume: 101 }), bar(12)]))
  const written = (await versions()).filter((version) => !before.has(JSON.stringify(version)))
  expect(written).toHaveLength(4)
})

test('a rebuild after random ingests finds no difference', async () => {
  const ingests = someSeconds.chain((sent) => fc.tuple(fc.constant(sent), revised(sent), someSeconds))
  await fc.assert(
    fc.asyncProperty(ingests, async (batches: readonly Bar[][]) => {
      const instrument = await fresh()
      for (const batch of batches) await stores.bars.upsert(instrument, '1s', BarSeries.of(batch))
    }),
    { numRuns: 10 },
  )
  expect(await repair()).toBe(0)
})

test('an open transaction holds up the seconds of its weeks, and no others', async () => {
  const instrument = await fresh()
  const upsert = (size: '1s' | '1m', at: number) =>
    stores.bars.upsert(instrument, size, BarSeries.of([bar(at)]))
  const isWaiting = async () => {
    const { rows } = await pool.query(`
      select from pg_locks join pg_database on oid = database
      where datname = current_database() and locktype = 'advisory' and not granted`)
    return rows.length > 0
  }
  const late = await stores.transaction(async (tx) => {
    await tx.bars.load(instrument, '1s', BarSeries.of(halfHour))
    expect(await upsert('1s', 7 * 86_400)).toMatchObject({ inserted: 1 })
    expect(await upsert('1m', 1_200)).toMatchObject({ inserted: 1 })
    const beside = upsert('1s', 1_800)
    await vi.waitFor(async () => expect(await isWaiting()).toBe(true))
    return { beside }
  })
  expect(await late.beside).toMatchObject({ inserted: 1 })
  expect(await repair()).toBe(0)
})

test('a rebuild counts and mends what is wrong, missing or too much', async () => {
  const instrument = await fresh()
  await stores.bars.load(instrument, '1s', BarSeries.of(halfHour))
  const ofOne = `where instrument = ${instrument.id} and size = 60`
  const { rows: truth } = await pool.query(`select * from rollups ${ofOne} order by time`)
  await pool.query(`update rollups set volume = volume + 1 ${ofOne} and time < '2014-01-31T23:42:00Z'`)
  await pool.query(`delete from rollups ${ofOne} and time = '2014-01-31T23:50:00Z'`)
  await pool.query(`
    insert into rollups (instrument, size, time, open, high, low, close, volume)
    values (${instrument.id}, 60, '2014-03-01T12:00:00Z', 1, 1, 1, 1, 1)`)
  expect(await repair()).toBe(4)
  expect((await pool.query(`select * from rollups ${ofOne} order by time`)).rows).toEqual(truth)
})

test('months get their partition when they are first needed, also from several writers at once', async () => {
  const partitions = async () => {
    const found = await pool.query(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'second_bars'::regclass",
    )
    return found.rows.map(({ name }) => name)
  }
  const far = 120 * 86_400
  expect(await partitions()).not.toContain('second_bars_2014_05')
  const writers = await Promise.all([fresh(), fresh(), fresh(), fresh()])
  const sent = BarSeries.of([bar(far), bar(far + 1)])
  await Promise.all(writers.map((writer) => stores.bars.load(writer, '1s', sent)))
  expect(await partitions()).toContain('second_bars_2014_05')
  for (const writer of writers) expect(await stores.bars.latest(writer, '1s')).toBe(sent.at(1).time)
})
