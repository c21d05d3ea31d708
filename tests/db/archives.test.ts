import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { storedSeries } from '../../db/barSeries.ts'
import { repairRollups } from '../../db/rollupRepair.ts'
import { poolSession } from '../../db/session.ts'
import { openStorage } from '../../db/storage.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { DAY_MS, type EpochMs, HOUR_MS, plus } from '../../src/market/time.ts'
import { bar, EVENING, revised, secondAt, someSeconds, spy } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'
import { DEFLATED, DEFLATED_ROWS } from './deflatedArchive.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)
const storage = openStorage(pool)

let count = 0
const fresh = () => stores.instruments.save({ ...spy, symbol: `SYM${++count}` })

const EVER = { from: plus(EVENING, -3_000 * DAY_MS), to: plus(EVENING, 3_000 * DAY_MS) }
const LATER = plus(EVENING, 10 * DAY_MS)
const RUNS = { numRuns: 8 }

/** The same evening on some days of two months. */
const someDays = fc
  .tuple(someSeconds, someSeconds, someSeconds)
  .map(([a, b, c]) => [...a, ...onDay(b, 1), ...onDay(c, 4)])

const onDay = (bars: readonly Bar[], day: number) =>
  bars.map((it) => ({ ...it, time: plus(it.time, day * DAY_MS) }))

/** Every read there is, in ranges and pages that cut through days. */
async function answers(instrument: Instrument, cuts: readonly EpochMs[]) {
  const { bars } = stores
  const ranges = [EVER, ...cuts.map((from) => ({ from, to: plus(from, DAY_MS) }))]
  const read = (limit?: number) =>
    Promise.all(
      ranges.map(async (range) => [
        ...(await bars.between({ instrument, size: '1s', ...range, ...(limit ? { limit } : {}) })),
      ]),
    )
  const columns = async (range: { from: EpochMs; to: EpochMs }) => {
    const found: Bar[] = []
    for await (const series of await bars.columns({ instrument, source: 'bars', size: '1s', ...range }))
      found.push(...series)
    return found
  }
  return {
    latest: await bars.latest(instrument, '1s'),
    columns: await Promise.all(ranges.map(columns)),
    whole: await read(),
    pages: [await read(1), await read(7), await read(130), await read(10_000)],
    rollups: await Promise.all(
      (['1m', '5m', '15m'] as const).map(async (size) => [
        ...(await bars.rollups({ instrument, size, ...EVER })),
      ]),
    ),
  }
}

const someCuts = fc.array(
  fc.integer({ min: -DAY_MS, max: 6 * DAY_MS }).map((ms) => plus(EVENING, ms)),
  { maxLength: 4 },
)

test('no answer changes when days are archived, nor when they are restored', async () => {
  await fc.assert(
    fc.asyncProperty(someDays, someCuts, fc.constantFrom(1, 3, 10), async (sent, cuts, days) => {
      const instrument = await fresh()
      await stores.bars.load(instrument, '1s', BarSeries.of(sent))
      const before = await answers(instrument, cuts)
      await storage.archive(plus(EVENING, days * DAY_MS))
      expect(await answers(instrument, cuts)).toEqual(before)
      expect(await repairRollups(poolSession(pool))).toBe(0)
      await storage.restore(EVER)
      expect(await answers(instrument, cuts)).toEqual(before)
    }),
    RUNS,
  )
})

test('seconds that come for an archived day are merged as into any other', async () => {
  const revisions = someDays.chain((sent) => fc.tuple(fc.constant(sent), revised(sent.slice(0, 40))))
  await fc.assert(
    fc.asyncProperty(revisions, async ([sent, then]) => {
      const [archived, plain] = [await fresh(), await fresh()]
      await stores.bars.load(archived, '1s', BarSeries.of(sent))
      await storage.archive(LATER)
      await stores.bars.load(plain, '1s', BarSeries.of(sent))
      const ways = [archived, plain].map((it) => stores.bars.upsert(it, '1s', BarSeries.of(then)))
      const [counts, expected] = await Promise.all(ways)
      expect(counts).toEqual(expected)
      expect(await answers(archived, [])).toEqual(await answers(plain, []))
    }),
    RUNS,
  )
})

test('a month of which every day is archived has no partition, and gets one back with its first day', async () => {
  await storage.archive(LATER)
  const instrument = await fresh()
  await stores.bars.load(instrument, '1s', BarSeries.of([bar(0), bar(1)]))
  const months = async () => {
    const { rows } = await pool.query("select to_regclass('second_bars_2014_01') is not null as is")
    return rows[0].is
  }
  expect(await months()).toBe(true)
  expect(await storage.archive(plus(EVENING, -DAY_MS))).toEqual({ days: 0, seconds: 0 })
  expect(await storage.archive(plus(EVENING, DAY_MS))).toEqual({ days: 1, seconds: 2 })
  expect(await months()).toBe(false)
  await storage.restore({ from: EVENING, to: secondAt(1) })
  expect(await months()).toBe(true)
})

test('an archive that does not give back what was put into it is not restored, and nothing is lost', async () => {
  const instrument = await fresh()
  await stores.bars.load(instrument, '1s', BarSeries.of([bar(0), bar(1)]))
  await storage.archive(LATER)
  await pool.query("update archives set hash = '\\x00' where instrument = $1", [instrument.id])
  await expect(storage.restore({ from: EVENING, to: secondAt(1) })).rejects.toThrow('2014-01-31')
  const { rows } = await pool.query('select from archives where instrument = $1', [instrument.id])
  expect(rows).toHaveLength(1)
  await pool.query('delete from archives where instrument = $1', [instrument.id])
})

test('a day whose archive was deflated, as they were at first, is read and moved back', async () => {
  const instrument = await fresh()
  const sent = storedSeries(DEFLATED_ROWS, { ...instrument, priceScale: 10_000 })
  await stores.bars.load(instrument, '1s', sent)
  const before = await answers(instrument, [])
  await storage.archive(LATER)
  const { rowCount } = await pool.query('update archives set columns = $2 where instrument = $1', [
    instrument.id,
    DEFLATED,
  ])
  expect(rowCount).toBe(1)
  expect(await answers(instrument, [])).toEqual(before)
  await storage.restore(EVER)
  expect(await answers(instrument, [])).toEqual(before)
})

test('readers and a writer see every second once while days are moved there and back', async () => {
  const instrument = await fresh()
  const sent = Array.from({ length: 5 }, (_, day) => onDay([bar(0), bar(1), bar(2)], day)).flat()
  await stores.bars.load(instrument, '1s', BarSeries.of(sent))
  let moving = true
  const move = async () => {
    for (let i = 0; i < 2; i++) {
      await storage.archive(LATER)
      await storage.restore({ from: EVENING, to: plus(EVENING, 5 * DAY_MS + HOUR_MS) })
    }
    moving = false
  }
  const read = async () => {
    while (moving) expect([...(await stores.bars.between({ instrument, size: '1s', ...EVER }))]).toEqual(sent)
  }
  const write = async () => {
    while (moving) expect((await stores.bars.upsert(instrument, '1s', BarSeries.of(sent))).unchanged).toBe(15)
  }
  await Promise.all([move(), read(), write()])
})
