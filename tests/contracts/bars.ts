import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Instrument } from '../../src/market/instrument.ts'
import { resample } from '../../src/market/resample.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { parseInstant } from '../../src/market/time.ts'
import type { BarStore, ColumnQuery, IngestCounts } from '../../src/ports/bars.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { bar, EVENING, revised, secondAt, someSeconds, spy } from '../support/bars.ts'

type Subject = Pick<Stores, 'bars' | 'instruments'>
type Way = 'upsert' | 'load'

const EVER = { from: parseInstant('2000-01-01T00:00:00Z'), to: parseInstant('2100-01-01T00:00:00Z') }
const SIZES = ['1m', '5m', '15m'] as const
const RUNS = { numRuns: 12 }

/** What any store of bars does. `open` gives an empty one, asked for once. */
export function barStoreContract(open: () => Promise<Subject>): void {
  let bars: BarStore
  let fresh: () => Promise<Instrument>

  beforeAll(async () => {
    const stores = await open()
    let count = 0
    bars = stores.bars
    fresh = () => stores.instruments.save({ ...spy, symbol: `SYM${++count}` })
  })

  const send = (instrument: Instrument, way: Way, sent: readonly Bar[]): Promise<IngestCounts> =>
    bars[way](instrument, '1s', BarSeries.of(sent))

  /** Everything that is known of an instrument's seconds. */
  const kept = async (instrument: Instrument) => ({
    seconds: [...(await bars.between({ instrument, size: '1s', ...EVER }))],
    rollups: await Promise.all(
      SIZES.map(async (size) => [...(await bars.rollups({ instrument, size, ...EVER }))]),
    ),
  })

  test.each<Way>(['upsert', 'load'])('%s keeps every field of every bar', async (way) => {
    const instrument = await fresh()
    const sent = [bar(0), bar(1, { vwap: null, tradeCount: null }), bar(2_000, { volume: 0 })]
    expect(await send(instrument, way, sent)).toEqual({ inserted: 3, updated: 0, unchanged: 0 })
    expect((await kept(instrument)).seconds).toEqual(sent)
  })

  test.each<Way>(['upsert', 'load'])('%s tells new, revised and equal bars apart', async (way) => {
    const instrument = await fresh()
    await send(instrument, way, [bar(1), bar(2), bar(3)])
    const counts = await send(instrument, way, [bar(2, { vwap: null }), bar(3), bar(4), bar(5)])
    expect(counts).toEqual({ inserted: 2, updated: 1, unchanged: 1 })
    expect((await kept(instrument)).seconds).toEqual([bar(1), bar(2, { vwap: null }), bar(3), bar(4), bar(5)])
  })

  test.each<Way>(['upsert', 'load'])('of one second sent twice at once, %s keeps the last', async (way) => {
    const instrument = await fresh()
    const counts = await send(instrument, way, [bar(1), bar(0), bar(1, { volume: 5 })])
    expect(counts).toEqual({ inserted: 2, updated: 0, unchanged: 0 })
    expect((await kept(instrument)).seconds).toEqual([bar(0), bar(1, { volume: 5 })])
  })

  test.each<Way>(['upsert', 'load'])('%s of no bars changes nothing', async (way) => {
    expect(await send(await fresh(), way, [])).toEqual({ inserted: 0, updated: 0, unchanged: 0 })
  })

  test.each<Way>(['upsert', 'load'])('%s of a price beyond the scale is invalid', async (way) => {
    const instrument = await fresh()
    await expect(send(instrument, way, [bar(0, { high: 300_000 })])).rejects.toMatchObject({
      kind: 'invalid',
    })
    await expect(send(instrument, way, [bar(0, { volume: 3e9 })])).rejects.toMatchObject({ kind: 'invalid' })
    expect((await kept(instrument)).seconds).toEqual([])
  })

  test('larger bars lie beside seconds, each size for itself, and hold volumes beyond 32 bits', async () => {
    const instrument = await fresh()
    const day = bar(0, { volume: 5e12 })
    await send(instrument, 'upsert', [bar(0)])
    await bars.upsert(instrument, '1d', BarSeries.of([day]))
    await bars.load(instrument, '1h', BarSeries.of([bar(0, { volume: 8 })]))
    expect([...(await bars.between({ instrument, size: '1d', ...EVER }))]).toEqual([day])
    expect([...(await bars.between({ instrument, size: '1h', ...EVER }))]).toEqual([bar(0, { volume: 8 })])
    expect((await kept(instrument)).seconds).toEqual([bar(0)])
  })

  test('a range holds its start but not its end, and a limit cuts its newest bars off', async () => {
    const instrument = await fresh()
    await send(
      instrument,
      'upsert',
      [0, 1, 2, 3, 4].map((i) => bar(i)),
    )
    const range = { instrument, size: '1s', from: secondAt(1), to: secondAt(4) } as const
    expect([...(await bars.between(range))]).toEqual([bar(1), bar(2), bar(3)])
    expect([...(await bars.between({ ...range, limit: 2 }))]).toEqual([bar(1), bar(2)])
  })

  test('the latest bar is that of the size asked for', async () => {
    const instrument = await fresh()
    expect(await bars.latest(instrument, '1s')).toBeNull()
    await send(instrument, 'upsert', [bar(2_000), bar(5)])
    await bars.upsert(instrument, '5m', BarSeries.of([bar(0)]))
    expect(await bars.latest(instrument, '1s')).toBe(secondAt(2_000))
    expect(await bars.latest(instrument, '5m')).toBe(EVENING)
  })

  test('rollups are what resampling the stored seconds gives, in every field', async () => {
    await fc.assert(
      fc.asyncProperty(someSeconds, async (sent) => {
        const instrument = await fresh()
        await send(instrument, 'load', sent)
        const { rollups } = await kept(instrument)
        const grids = SIZES.map((size) => ({ size, session: 'all', align: 'clock' }) as const)
        expect(rollups).toEqual(grids.map((grid) => [...resample(BarSeries.of(sent), grid)]))
      }),
      RUNS,
    )
  })

  test('neither the order nor the batches nor the way in which bars come change what is kept', async () => {
    const deliveries = someSeconds.chain((sent) =>
      fc.record({
        sent: fc.constant(sent),
        shuffled: fc.shuffledSubarray(sent, { minLength: sent.length }),
        cuts: fc.array(fc.nat(sent.length), { maxLength: 4 }),
        ways: fc.array(fc.constantFrom<Way>('upsert', 'load'), { minLength: 6, maxLength: 6 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ sent, shuffled, cuts, ways }) => {
        const [atOnce, inParts] = [await fresh(), await fresh()]
        await send(atOnce, 'upsert', sent)
        const edges = [0, ...cuts.sort((a, b) => a - b), sent.length]
        for (const [i, way] of ways.entries())
          await send(inParts, way, shuffled.slice(edges[i], edges[i + 1]))
        expect(await kept(inParts)).toEqual(await kept(atOnce))
      }),
      RUNS,
    )
  })

  test('revised seconds revise their rollups', async () => {
    const revisions = someSeconds.chain((sent) => fc.tuple(fc.constant(sent), revised(sent)))
    await fc.assert(
      fc.asyncProperty(revisions, fc.constantFrom<Way>('upsert', 'load'), async ([first, then], way) => {
        const [revisedOne, freshOne] = [await fresh(), await fresh()]
        await send(revisedOne, 'load', first)
        await send(revisedOne, way, then)
        await send(freshOne, 'load', then)
        expect(await kept(revisedOne)).toEqual(await kept(freshOne))
      }),
      RUNS,
    )
  })

  test('columns hold what rows hold, in series of whole days', async () => {
    const instrument = await fresh()
    const sent = [0, 1, 2, 2_000, 90_000, 200_000].map((i) =>
      bar(i, i === 1 ? { vwap: null, tradeCount: null } : {}),
    )
    await send(instrument, 'load', sent)
    await bars.load(instrument, '1h', BarSeries.of([bar(0, { volume: 5e12 })]))
    const range = { instrument, from: secondAt(1), to: secondAt(150_000) }
    const read = async (query: ColumnQuery) => {
      const found: BarSeries[] = []
      for await (const series of await bars.columns(query)) found.push(series)
      expect(found.every(({ length }) => length > 0)).toBe(true)
      return found.flatMap((series) => [...series])
    }
    expect(await read({ ...range, source: 'bars', size: '1s' })).toEqual(sent.slice(1, 5))
    expect(await read({ ...range, ...EVER, source: 'bars', size: '1h' })).toEqual([bar(0, { volume: 5e12 })])
    expect(await read({ ...range, ...EVER, source: 'bars', size: '1d' })).toEqual([])
    const rollups = await bars.rollups({ instrument, size: '5m', ...EVER })
    const first = await bars.rollups({ instrument, size: '5m', ...EVER, limit: 1 })
    expect([...first]).toEqual([...rollups].slice(0, 1))
    expect(await read({ ...range, ...EVER, source: 'rollups', size: '5m' })).toEqual([...rollups])
    const inShort = [...rollups].filter(({ time }) => time >= range.from && time < range.to)
    expect(await read({ ...range, source: 'rollups', size: '5m' })).toEqual(inShort)
    expect(inShort.length).toBeGreaterThan(0)
  })

  test('two writers of one minute make its rollup together', async () => {
    const instrument = await fresh()
    const batches = Array.from({ length: 6 }, (_, k) => Array.from({ length: 10 }, (_, i) => bar(k * 10 + i)))
    await Promise.all(batches.map((batch) => send(instrument, 'upsert', batch)))
    const [minute] = [...(await bars.rollups({ instrument, size: '1m', ...EVER }))]
    expect(minute).toMatchObject({ volume: 6_000, tradeCount: 420 })
  })
}
