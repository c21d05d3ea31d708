import { describe, expect, test } from 'vitest'
import { BarSeries } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import {
  type EpochMs,
  epochMs,
  isoInstant,
  MINUTE_MS,
  parseInstant,
  plus,
  SECOND_MS,
} from '../../src/market/time.ts'
import { golden, haveSamples, sampleBars, WITHOUT_SAMPLES } from '../support/samples.ts'
import { served, withBars } from './served.ts'

const flat = (time: EpochMs, price: number) => ({
  time,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 10,
  vwap: price,
  tradeCount: 1,
})

describe('candles of two sessions of seconds', async () => {
  const { ask, stores } = await served()
  const [monday, wednesday] = [sessionOn('2013-10-07', 'rth')!, sessionOn('2013-10-09', 'rth')!]
  const minutes = (from: EpochMs, count: number) =>
    Array.from({ length: count }, (_, i) => flat(plus(from, i * MINUTE_MS), 100 + i))
  const early = flat(plus(monday.from, -SECOND_MS), 1)
  const covered = { from: monday.from, to: plus(monday.from, 7.5 * MINUTE_MS) }
  await withBars(stores, BarSeries.of([early, ...minutes(monday.from, 60), ...minutes(wednesday.from, 33)]), [
    covered,
  ])
  const list = async (query: string) => (await ask.get(`/v1/candles?symbol=SPY&${query}`)).body

  test('have the volume of their bars, and what the ledger says', async () => {
    const { items, nextCursor } = await list(`size=5m&limit=2`)
    expect(items).toEqual([
      {
        time: '2013-10-07T13:30:00Z',
        open: 100,
        high: 104,
        low: 100,
        close: 104,
        volume: 50,
        vwap: 102,
        tradeCount: 5,
        complete: true,
        coverage: 1,
        suspect: false,
      },
      expect.objectContaining({ time: '2013-10-07T13:35:00Z', coverage: 0.5, complete: true }),
    ])
    const next = await list(`size=5m&limit=2&cursor=${nextCursor}`)
    expect(next.items.map((it: { time: string }) => it.time)).toEqual([
      '2013-10-07T13:40:00Z',
      '2013-10-07T13:45:00Z',
    ])
  })

  test('are incomplete while their end lies in the future', async () => {
    // The market's clock stands at 14:00:00Z, and the newest bar is of 14:02.
    const { items } = await list('size=15m&from=2013-10-09T13:45:00Z')
    expect(items.map((it: { complete: boolean }) => it.complete)).toEqual([true, false])
  })

  test('are the same through a rollup and from the seconds', async () => {
    for (const [size, count] of [
      ['1m', 93],
      ['5m', 19],
      ['30s', 93],
      ['1h', 2],
      ['1d', 2],
      ['20m', 5],
    ] as const) {
      const { items } = await list(`size=${size}`)
      expect(items).toHaveLength(count)
      const volume = items.reduce((sum: number, it: { volume: number }) => sum + it.volume, 0)
      expect(volume).toBe(930)
    }
  })

  test('follow the clock when asked, and keep its whole hours as time', async () => {
    const { items } = await list('size=1h&align=clock&from=2013-10-09T13:00:00Z')
    expect(items.map((it: { time: string }) => it.time)).toEqual([
      '2013-10-09T13:00:00Z',
      '2013-10-09T14:00:00Z',
    ])
    expect(
      (await list('size=1h&align=clock&from=2013-10-09T13:00:00Z&to=2013-10-09T13:10:00Z')).items,
    ).toHaveLength(1)
    expect(
      (await list('size=1h&align=clock&from=2013-10-09T13:01:00Z&to=2013-10-09T13:59:00Z')).items,
    ).toEqual([])
  })

  test('of both sessions hold the extended hours', async () => {
    const { items } = await list('size=5m&session=all&limit=1')
    expect(items).toMatchObject([{ time: '2013-10-07T13:25:00Z', close: 1 }])
  })

  test('of the size of the base are the bars as they are stored', async () => {
    const { items } = await list('size=1s&limit=3')
    expect(items.map((it: { time: string }) => it.time)).toEqual([
      '2013-10-07T13:30:00Z',
      '2013-10-07T13:31:00Z',
      '2013-10-07T13:32:00Z',
    ])
  })

  test('as CSV are the same', async () => {
    const { items } = await list('size=5m')
    const { text } = await ask.get('/v1/candles?symbol=SPY&size=5m').set('accept', 'text/csv')
    const [header, ...lines] = text.trimEnd().split('\n')
    expect(header!.split(',')).toEqual(Object.keys(items[0]))
    expect(lines).toEqual(items.map((it: object) => Object.values(it).join(',')))
  })

  test.each([
    'size=5m&base=1h',
    'size=1h&base=1h',
    'size=15m&base=10m',
    'size=1h&base=1h&session=rth&align=clock',
  ])('%s is refused: the base cannot build it', async (query) => {
    const answer = await ask.get(`/v1/candles?symbol=SPY&${query}`)
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ path: 'size' }])
  })
})

test('imported hours are answered as they are', async () => {
  const { ask, stores } = await served()
  const spy = await withBars(stores, BarSeries.of([]), [])
  const hours = [13, 14, 15].map((hour) => flat(parseInstant(`2013-10-07T${hour}:00:00Z`), hour))
  await stores.bars.load(spy, '1h', BarSeries.of(hours))
  await stores.coverage.mark(spy, '1h', { from: hours[0]!.time, to: epochMs(hours[1]!.time) }, 'done')
  const { body } = await ask.get('/v1/candles?symbol=SPY&size=1h&base=1h&align=clock&session=all')
  expect(body.items.map((it: { time: string; coverage: number }) => [it.time, it.coverage])).toEqual([
    ['2013-10-07T13:00:00Z', 1],
    ['2013-10-07T14:00:00Z', 0],
    ['2013-10-07T15:00:00Z', 0],
  ])
})

test.skipIf(!haveSamples)(
  `5-minute candles of real seconds are the golden ones${haveSamples ? '' : `: ${WITHOUT_SAMPLES}`}`,
  async () => {
    const { ask, stores } = await served()
    const days = ['20131007', '20131008']
    const seconds = BarSeries.of(days.flatMap((day) => [...sampleBars(`SPY-1s-${day}.csv.gz`)]))
    await withBars(stores, seconds, [])
    const { candles } = golden('candles-5m-rth-201310.json') as { candles: unknown[][] }
    const expected = candles.filter(([time]) => String(time) < '2013-10-09')
    const { body } = await ask.get('/v1/candles?symbol=SPY&size=5m&limit=10000')
    const found = body.items.map((it: Record<string, unknown>) =>
      ['time', 'open', 'high', 'low', 'close', 'volume'].map((name) => it[name]),
    )
    expect(found).toEqual(expected)
    const { body: pages } = await ask.get(`/v1/bars?symbol=SPY&limit=10000`)
    expect(pages.items[0].time).toBe(isoInstant(seconds.at(0).time))
  },
)
