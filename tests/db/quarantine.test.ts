import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { archiveDay } from '../../db/archives.ts'
import { repairRollups } from '../../db/rollupRepair.ts'
import { poolSession } from '../../db/session.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { exclusionsOf } from '../../src/exclusion.ts'
import { type Candle, candles } from '../../src/feed.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { exchangeDate, sessionOn } from '../../src/market/session.ts'
import { isoInstant, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import type { BadPrintPolicy, QuarantineItem } from '../../src/ports/quarantine.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { bar, secondAt, spy } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'
import { golden, haveSamples, sampleBars } from '../support/samples.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)

let count = 0
const fresh = () => stores.instruments.save({ ...spy, symbol: `SYM${++count}` })
const differences = () => repairRollups(poolSession(pool))
const under = (badPrints: BadPrintPolicy): Stores =>
  openStores(pool, { clock: machineClock, random: Math.random, badPrints })

const EVER = { from: parseInstant('2000-01-01T00:00:00Z'), to: parseInstant('2100-01-01T00:00:00Z') }

/** The seconds as rows, which are the same as columns, and the minutes. */
async function kept(instrument: Instrument) {
  const seconds = [...(await stores.bars.between({ instrument, size: '1s', ...EVER }))]
  const columns: Bar[] = []
  for await (const series of await stores.bars.columns({ instrument, source: 'bars', size: '1s', ...EVER }))
    columns.push(...series)
  expect(columns).toEqual(seconds)
  return { seconds, minutes: [...(await stores.bars.rollups({ instrument, size: '1m', ...EVER }))] }
}
const items = (instrument: Instrument): Promise<QuarantineItem[]> =>
  stores.quarantine.list({ instrument, limit: 100 })
const found = async (instrument: Instrument) =>
  (await items(instrument)).map(({ time, kind, state, decidedBy }) => [
    (time! - secondAt(0)) / SECOND_MS,
    ...[kind, state, decidedBy],
  ])

/** Seconds of an evening, quiet but for one that leaps out by 2 %. */
const quiet = Array.from({ length: 40 }, (_, i) => bar(i))
const LEAP = bar(20, { high: 182 })
const withLeap = quiet.with(20, LEAP)

const flagged = async (sent: readonly Bar[] = withLeap) => {
  const instrument = await fresh()
  await stores.bars.load(instrument, '1s', BarSeries.of(sent))
  const [item] = await items(instrument)
  return { instrument, item: item! }
}

test('a bad print is flagged and stays in the candles', async () => {
  const { instrument, item } = await flagged()
  expect(await found(instrument)).toEqual([[20, 'badPrint', 'flagged', 'policy']])
  expect(JSON.parse(item.sample)).toMatchObject({ time: isoInstant(LEAP.time), high: 182 })
  const { seconds, minutes } = await kept(instrument)
  expect(seconds).toEqual(withLeap)
  expect(minutes.map(({ high }) => high)).toEqual([182])
  const asked = { from: plus(LEAP.time, -5_000), to: plus(LEAP.time, 5_000) }
  await stores.coverage.mark(instrument, '1s', asked, 'done')
  const known = [{ ...asked, state: 'done' }]
  expect(await stores.coverage.judgement(instrument, '1s', EVER)).toEqual({ known, suspected: [LEAP.time] })
  expect(await stores.quarantine.countSuspected(instrument, '1s', EVER)).toBe(1)
})

test('excluded it leaves every candle, and released it is back as it was', async () => {
  const { instrument, item } = await flagged()
  const before = await kept(instrument)
  expect(await stores.quarantine.decide(item.id, 'excluded')).toMatchObject({ state: 'excluded' })
  const without = withLeap.filter(({ time }) => time !== LEAP.time)
  const after = await kept(instrument)
  expect(after.seconds).toEqual(without)
  expect(after.minutes.map(({ high, volume }) => [high, volume])).toEqual([[178.2, 3_900]])
  expect([...(await stores.bars.between({ instrument, size: '1s', ...EVER, raw: true }))]).toEqual(withLeap)
  expect((await stores.coverage.judgement(instrument, '1s', EVER)).suspected).toEqual([])
  expect(await differences()).toBe(0)
  await stores.quarantine.decide(item.id, 'released')
  expect(await kept(instrument)).toEqual(before)
  expect(await differences()).toBe(0)
})

test('a page of seconds is full though a bar is left out of it', async () => {
  const { instrument, item } = await flagged()
  await stores.quarantine.decide(item.id, 'excluded')
  const page = await stores.bars.between({ instrument, size: '1s', ...EVER, limit: 30 })
  expect([...page].map(({ time }) => (time - secondAt(0)) / SECOND_MS)).toEqual(
    Array.from({ length: 31 }, (_, i) => i).filter((i) => i !== 20),
  )
})

test('a bucket whose only second is excluded is gone, and comes back', async () => {
  const sparse = Array.from({ length: 11 }, (_, i) => bar(i * 70)).with(5, bar(350, { high: 190 }))
  const { instrument, item } = await flagged(sparse)
  const before = await kept(instrument)
  await stores.quarantine.decide(item.id, 'excluded')
  expect((await kept(instrument)).minutes).toHaveLength(10)
  expect(await differences()).toBe(0)
  await stores.quarantine.decide(item.id, 'released')
  expect(await kept(instrument)).toEqual(before)
})

test('a bar of an archived day can be excluded and released', async () => {
  const { instrument, item } = await flagged()
  const before = await kept(instrument)
  await poolSession(pool).atomically((transaction) =>
    archiveDay(transaction, instrument.id, exchangeDate(LEAP.time)),
  )
  await stores.quarantine.decide(item.id, 'excluded')
  expect((await kept(instrument)).minutes.map(({ high }) => high)).toEqual([178.2])
  await poolSession(pool).atomically((transaction) =>
    archiveDay(transaction, instrument.id, exchangeDate(LEAP.time)),
  )
  expect((await kept(instrument)).seconds).toEqual(withLeap.filter(({ time }) => time !== LEAP.time))
  await stores.quarantine.decide(item.id, 'released')
  expect(await kept(instrument)).toEqual(before)
  expect(await differences()).toBe(0)
})

/** Which row versions there are: any write shows. */
const versions = async (): Promise<unknown[]> => {
  const { rows } = await pool.query(`
    select 'seconds', tableoid, ctid, xmin from second_bars union all
    select 'rollups', tableoid, ctid, xmin from rollups union all
    select 'revisions', tableoid, ctid, xmin from revisions union all
    select 'quarantine', tableoid, ctid, xmin from quarantine order by 1, 2, 3`)
  return rows
}

test.each(['upsert', 'load'] as const)(
  'an excluded bar sent again by %s stays out, and nothing is written',
  async (way) => {
    const { instrument, item } = await flagged()
    await stores.quarantine.decide(item.id, 'excluded')
    const before = await versions()
    const counts = await stores.bars[way](instrument, '1s', BarSeries.of(withLeap))
    expect(counts).toEqual({ inserted: 0, updated: 0, unchanged: 40 })
    await stores.quarantine.decide(item.id, 'excluded')
    expect(await versions()).toEqual(before)
  },
)

test('a decision holds while neighbours come, and ends with the bar that it was of', async () => {
  const { instrument, item } = await flagged(withLeap.slice(0, 24))
  await stores.quarantine.decide(item.id, 'excluded')
  await stores.bars.upsert(instrument, '1s', BarSeries.of(withLeap.slice(24)))
  expect(await found(instrument)).toEqual([[20, 'badPrint', 'excluded', 'person']])
  await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(20, { high: 183 })]))
  expect(await found(instrument)).toEqual([[20, 'badPrint', 'flagged', 'policy']])
  await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(20)]))
  expect(await found(instrument)).toEqual([])
  expect((await kept(instrument)).seconds).toEqual(quiet)
  expect(await differences()).toBe(0)
})

test('a leap is suspected once the bars after it are known, in whatever order they come', async () => {
  const deliveries = fc.record({
    sent: fc.shuffledSubarray(withLeap, { minLength: withLeap.length }),
    cuts: fc.array(fc.nat(withLeap.length), { maxLength: 5 }),
    ways: fc.array(fc.constantFrom('upsert', 'load'), { minLength: 6, maxLength: 6 }),
  })
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ sent, cuts, ways }) => {
      const instrument = await fresh()
      const edges = [0, ...cuts.sort((a, b) => a - b), sent.length]
      for (const [i, way] of ways.entries())
        await stores.bars[way as 'load'](instrument, '1s', BarSeries.of(sent.slice(edges[i], edges[i + 1])))
      expect(await found(instrument)).toEqual([[20, 'badPrint', 'flagged', 'policy']])
    }),
    { numRuns: 10 },
  )
})

test('a price beyond twice its neighbours is out at once, and let in when it lasts', async () => {
  const instrument = await fresh()
  const send = (bars: readonly Bar[]) => stores.bars.upsert(instrument, '1s', BarSeries.of(bars))
  const high = (i: number) => bar(i, { open: 400, high: 401, low: 399, close: 400 })
  await send([...quiet.slice(0, 10), high(10)])
  expect(await found(instrument)).toEqual([[10, 'jump', 'excluded', 'rule']])
  expect((await kept(instrument)).minutes.map((each) => each.high)).toEqual([178.2])
  await send([11, 12, 13, 14, 15].map(high))
  expect(await found(instrument)).toEqual([])
  expect((await kept(instrument)).minutes.map((each) => each.high)).toEqual([401])
  expect(await differences()).toBe(0)
})

test('under BAD_PRINTS=exclude a bad print is out, unless a person lets it in; under flag it is back', async () => {
  const instrument = await fresh()
  await under('exclude').bars.load(instrument, '1s', BarSeries.of(withLeap))
  const stateOf = async () => (await items(instrument))[0]?.state
  expect(await stateOf()).toBe('excluded')
  expect(await under('flag').quarantine.applyPolicy()).toBeGreaterThan(0)
  expect(await stateOf()).toBe('flagged')
  expect((await kept(instrument)).minutes.map(({ high }) => high)).toEqual([182])
  expect(await differences()).toBe(0)
  await stores.quarantine.decide((await items(instrument))[0]!.id, 'released')
  await under('exclude').quarantine.applyPolicy()
  expect(await stateOf()).toBe('released')
  await under('flag').quarantine.applyPolicy()
  expect(await under('flag').quarantine.applyPolicy()).toBe(0)
})

const rejected = [{ time: secondAt(3), reason: 'high < low', sample: '{"time":"x","high":"NaN"}' }]

test('rows that cannot be bars lie in the quarantine, once, and cannot be let in', async () => {
  const instrument = await fresh()
  const delivery = { source: 'backfill', request: 'chunk 1', at: secondAt(100), rejected } as const
  await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(1)]), delivery)
  await stores.bars.upsert(instrument, '1s', new BarSeries(), delivery)
  const [item, ...others] = await items(instrument)
  expect(others).toEqual([])
  expect(item).toMatchObject({
    ...{ kind: 'badValue', state: 'rejected', time: secondAt(3), reason: 'high < low', size: '1s' },
    ...{ source: 'backfill', request: 'chunk 1', marketTime: secondAt(100) },
  })
  await expect(stores.quarantine.decide(item!.id, 'released')).rejects.toMatchObject({ kind: 'conflict' })
  expect(await stores.quarantine.decide('nothing', 'released')).toBeNull()
  expect((await stores.coverage.judgement(instrument, '1s', EVER)).suspected).toEqual([])
})

test('a list is cut into pages, and can be narrowed', async () => {
  const instrument = await fresh()
  const many = [1, 2, 3].map((i) => ({ ...rejected[0]!, time: secondAt(i), sample: `{"row":${i}}` }))
  await stores.bars.load(instrument, '1m', new BarSeries(), { rejected: many })
  await stores.bars.load(instrument, '1s', BarSeries.of(withLeap))
  const ask = (query: object) => stores.quarantine.list({ instrument, limit: 10, ...query })
  const all = await ask({})
  expect(all).toHaveLength(4)
  const first = await ask({ limit: 3 })
  const rest = await ask({ after: first.at(-1)!.id })
  expect([...first, ...rest]).toEqual(all)
  expect(await ask({ kind: 'badPrint' })).toHaveLength(1)
  expect(await ask({ state: 'rejected' })).toHaveLength(3)
  expect(await ask({ from: secondAt(2), to: secondAt(20) })).toHaveLength(2)
})

describe.runIf(haveSamples)('on the real tape', async () => {
  const PRINTS = ['2013-10-08T19:03:04Z', '2013-10-08T19:36:10Z']
  const days = ['20131007', '20131008', '20131009']
  const [first, last] = [sessionOn('2013-10-07', 'rth')!, sessionOn('2013-10-09', 'rth')!]
  const instrument = haveSamples ? await fresh() : null!
  if (haveSamples)
    for (const day of days) await stores.bars.load(instrument, '1s', sampleBars(`SPY-1s-${day}.csv.gz`))
  const regular = async () =>
    (await items(instrument)).filter(({ time }) => PRINTS.includes(isoInstant(time!))).toReversed()

  async function fiveMinutes(): Promise<Candle[]> {
    const grid = { size: '5m', session: 'rth', align: 'session' } as const
    const range = { from: first.from, to: last.to, now: last.to }
    const found: Candle[] = []
    for await (const batch of candles({ stores }, { instrument, base: '1s', ...grid, ...range }))
      found.push(...batch)
    return found
  }

  const goldenCandles = () =>
    (golden('candles-5m-rth-201310.json') as { candles: [string, ...number[]][] }).candles

  test('by default the candles are the golden ones, and two of them are suspect', async () => {
    const made = await fiveMinutes()
    expect(
      made.map(({ time, open, high, low, close, volume }) => [
        isoInstant(time),
        open,
        high,
        low,
        close,
        volume,
      ]),
    ).toEqual(goldenCandles())
    const suspect = made.filter((candle) => candle.suspect).map(({ time }) => isoInstant(time))
    expect(suspect).toEqual(['2013-10-08T19:00:00Z', '2013-10-08T19:35:00Z'])
  })

  test('the false breakout level of 7 + 17 candles is told before anything is excluded', async () => {
    const [one, two] = await exclusionsOf({ stores }, await regular())
    expect(
      one!.levels.map(({ level, candles, with: before, without }) => [level, candles, before, without]),
    ).toEqual([['breakout', 7, 167.51, 166.03]])
    expect(one!.candles.map(({ size, time }) => [size, isoInstant(time)])).toEqual([
      ['1m', '2013-10-08T19:03:00Z'],
      ['5m', '2013-10-08T19:00:00Z'],
      ['15m', '2013-10-08T19:00:00Z'],
    ])
    const [minute] = one!.candles
    expect([minute!.with.high, minute!.without!.high]).toEqual([167.51, 165.99])
    // Without the second print alone, the level of the first one ends in its last candle: 17 and 1.
    expect(two!.levels.reduce((sum, { candles }) => sum + candles, 0)).toBe(18)
  })

  test('excluding both changes the candles that hold them alone, and releasing restores every byte', async () => {
    const before = await fiveMinutes()
    const [one, two] = await regular()
    await stores.quarantine.decide(one!.id, 'excluded')
    const [, second] = await exclusionsOf({ stores }, await regular())
    expect(second!.levels.map(({ candles, with: level }) => [candles, level])).toEqual([
      [1, 166.03],
      [17, 167.51],
    ])
    await stores.quarantine.decide(two!.id, 'excluded')
    const after = await fiveMinutes()
    const changed = after.filter((candle, i) => JSON.stringify(candle) !== JSON.stringify(before[i]))
    expect(changed.map(({ time, high, suspect }) => [isoInstant(time), high, suspect])).toEqual([
      ['2013-10-08T19:00:00Z', 166.03, false],
      ['2013-10-08T19:35:00Z', 166.05, false],
    ])
    expect(await differences()).toBe(0)
    for (const item of await regular()) await stores.quarantine.decide(item.id, 'released')
    expect(JSON.stringify(await fiveMinutes())).toBe(JSON.stringify(before))
    expect(await differences()).toBe(0)
  })

  test('seconds sent in slices, as a backfill and a collector do, have the same suspects', async () => {
    const bars = [...sampleBars('SPY-1s-20131008.csv.gz')].filter(
      ({ time }) =>
        time >= parseInstant('2013-10-08T18:30:00Z') && time < parseInstant('2013-10-08T20:00:00Z'),
    )
    const other = await fresh()
    for (let from = bars[0]!.time; from < bars.at(-1)!.time; from = plus(from, 97 * SECOND_MS)) {
      const part = bars.filter(({ time }) => time >= from && time < from + 127 * SECOND_MS)
      await stores.bars.upsert(other, '1s', BarSeries.of(part))
    }
    expect((await items(other)).map(({ time }) => isoInstant(time!)).sort()).toEqual(PRINTS)
  })
})
