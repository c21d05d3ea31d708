import { describe, expect, test } from 'vitest'
import { BAR_SIZES } from '../../src/market/barSize.ts'
import {
  type Align,
  bucketAt,
  type CandleGrid,
  canBuild,
  candlesOf,
  resample,
  rollupFor,
} from '../../src/market/resample.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { epochMs } from '../../src/market/time.ts'
import { golden, haveSamples, sampleBars, WITHOUT_SAMPLES } from '../support/samples.ts'

const utc = (text: string) => epochMs(Date.parse(text))
const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
const grid = (text: string): CandleGrid => {
  const [size, session, align] = text.split(' ') as [CandleGrid['size'], CandleGrid['session'], Align]
  return { size, session, align }
}
const bar = (time: string, fields: Partial<Bar> = {}): Bar => ({
  time: utc(time),
  ...{ open: 10, high: 10, low: 10, close: 10, volume: 100, vwap: 10, tradeCount: 1 },
  ...fields,
})

test.each([
  // a full day in winter: 14:30 to 21:00 UTC
  ['5m rth session', '2024-01-05T14:34:59Z', '14:30 14:30 14:35'],
  ['1h rth session', '2024-01-05T14:59:00Z', '14:30 14:30 15:30'],
  ['1h rth session', '2024-01-05T20:59:59Z', '20:30 20:30 21:00'], // the last bucket ends at the close
  ['1h rth clock', '2024-01-05T14:30:00Z', '14:00 14:30 15:00'], // keeps 09:00, its whole multiple
  ['1h rth clock', '2024-01-05T15:00:00Z', '15:00 15:00 16:00'],
  ['4h rth session', '2024-01-05T20:00:00Z', '18:30 18:30 21:00'],
  ['4h rth clock', '2024-01-05T15:00:00Z', '13:00 14:30 17:00'],
  ['20m rth clock', '2024-01-05T14:30:00Z', '14:20 14:30 14:40'],
  ['1h all clock', '2024-01-05T09:00:00Z', '09:00 09:00 10:00'],
  ['1d rth clock', '2024-01-05T18:00:00Z', '14:30 14:30 21:00'],
  ['1d all session', '2024-01-05T18:00:00Z', '09:00 09:00 01:00'],
  // a half day in summer: 13:30 to 17:00 UTC, extended hours to 21:00
  ['1h rth session', '2024-07-03T16:45:00Z', '16:30 16:30 17:00'],
  ['4h all session', '2024-07-03T20:59:59Z', '20:00 20:00 21:00'],
  ['1d rth session', '2024-07-03T14:00:00Z', '13:30 13:30 17:00'],
  // the Monday after the clocks went forward, and the one after they went back
  ['2h rth clock', '2024-03-11T13:30:00Z', '12:00 13:30 14:00'],
  ['2h rth clock', '2024-11-04T14:30:00Z', '13:00 14:30 15:00'],
])('a bucket of %s at %s is %s', (cut, at, expected) => {
  const { time, from, to } = bucketAt(grid(cut), utc(at))!
  expect([time, from, to].map((it) => iso(it).slice(11, 16)).join(' ')).toBe(expected)
})

test.each(['2024-01-05T14:29:59Z', '2024-01-05T21:00:00Z', '2024-07-03T17:00:00Z', '2024-07-04T15:00:00Z'])(
  'there is no regular bucket at %s',
  (at) => expect(bucketAt(grid('5m rth session'), utc(at))).toBeNull(),
)

test('a candle has the first open, the extremes, the last close and the sums', () => {
  const bars = BarSeries.of([
    bar('2024-01-05T14:30:00Z', {
      open: 9,
      high: 12,
      low: 8,
      close: 11,
      volume: 100,
      vwap: 10,
      tradeCount: 2,
    }),
    bar('2024-01-05T14:31:00Z', {
      open: 11,
      high: 13,
      low: 10,
      close: 12,
      volume: 300,
      vwap: 12,
      tradeCount: 5,
    }),
  ])
  expect([...resample(bars, grid('5m rth session'))]).toEqual([
    bar('2024-01-05T14:30:00Z', {
      open: 9,
      high: 13,
      low: 8,
      close: 12,
      volume: 400,
      vwap: 11.5,
      tradeCount: 7,
    }),
  ])
})

test.each([
  ['a bar that has traded without vwap', { vwap: null, volume: 1 }, { vwap: null, tradeCount: 2 }],
  ['a bar without volume and vwap', { vwap: null, volume: 0 }, { vwap: 10, tradeCount: 2 }],
  ['a bar without trade count', { tradeCount: null }, { vwap: 10, tradeCount: null }],
])('%s makes the candle %o %o', (_, fields, expected) => {
  const bars = BarSeries.of([bar('2024-01-05T14:30:00Z'), bar('2024-01-05T14:30:01Z', fields)])
  expect(resample(bars, grid('1m rth session')).at(0)).toMatchObject(expected)
})

test('a candle without volume has no vwap', () => {
  const quiet = BarSeries.of([bar('2024-01-05T14:30:00Z', { volume: 0 })])
  expect(resample(quiet, grid('1m rth session')).at(0)).toMatchObject({ volume: 0, vwap: null })
})

test('a bucket without bars has no candle, and bars outside the session make none', () => {
  const times = ['14:29:59', '14:30:00', '14:41:00', '20:59:59', '21:00:00'].map((it) => `2024-01-05T${it}Z`)
  const candles = resample(BarSeries.of(times.map((it) => bar(it))), grid('5m rth session'))
  expect([...candles].map(({ time }) => iso(time).slice(11, 16))).toEqual(['14:30', '14:40', '20:55'])
})

test.each([
  ['1s', '20m rth session', true],
  ['15m', '1h rth session', true],
  ['30m', '1h rth session', true],
  ['20m', '1h rth session', false], // 20 minutes do not divide the half hour of the open
  ['1h', '2h rth clock', false],
  ['1h', '2h all session', true],
  ['1h', '1d all clock', true],
  ['1h', '1d rth clock', false],
  ['3m', '5m rth session', false],
  ['5m', '1m rth session', false],
  ['1h', '1h all clock', true], // a stored hour is read with all hours
  ['1h', '1h rth clock', false],
  ['30m', '30m rth session', true],
  ['1d', '1d all session', true],
] as const)('bars of %s build %s: %s', (base, cut, possible) => {
  expect(canBuild(base, grid(cut))).toBe(possible)
})

test.each([
  ['30s', null],
  ['1m', '1m'],
  ['3m', '1m'],
  ['10m', '5m'],
  ['15m', '15m'],
  ['20m', '5m'],
  ['30m', '15m'],
  ['1h', '15m'],
  ['4h', '15m'],
  ['1d', '15m'],
] as const)('candles of %s are made from rollups of %s, in every session and alignment', (size, rollup) => {
  for (const session of ['rth', 'all'] as const)
    for (const align of ['session', 'clock'] as const)
      expect(rollupFor({ size, session, align })).toBe(rollup)
})

test('bars of the candle size are taken as they are stored', () => {
  const hours = BarSeries.of(['13:00', '14:00', '15:00'].map((it) => bar(`2024-01-05T${it}:00Z`)))
  expect(candlesOf(hours, '1h', grid('1h all clock'))).toBe(hours)
  const minutes = BarSeries.of(['14:29', '14:30', '21:00'].map((it) => bar(`2024-01-05T${it}:00Z`)))
  expect([...candlesOf(minutes, '1m', grid('1m rth session'))]).toEqual([minutes.at(1)])
  expect(candlesOf(minutes, '1m', grid('5m rth session'))).toHaveLength(1)
})

describe.skipIf(!haveSamples)(`the golden candles (skipped where ${WITHOUT_SAMPLES})`, () => {
  const seconds = () =>
    BarSeries.of(['07', '08', '09'].flatMap((day) => [...sampleBars(`SPY-1s-201310${day}.csv.gz`)]))
  const rows = (candles: BarSeries) =>
    [...candles].map((it) => [iso(it.time), it.open, it.high, it.low, it.close, it.volume])
  const expected = () => (golden('candles-5m-rth-201310.json') as { candles: unknown }).candles

  test('come from the seconds', () => {
    expect(rows(resample(seconds(), grid('5m rth session')))).toEqual(expected())
  })

  test('come from the minutes of the seconds, in regular and in all hours', () => {
    for (const session of ['rth', 'all'] as const) {
      const minutes = resample(seconds(), { size: '1m', session, align: 'session' })
      expect(rows(resample(minutes, grid('5m rth clock')))).toEqual(expected())
    }
  })
})

test('every size cuts both sessions into buckets that touch and fill them', () => {
  for (const size of BAR_SIZES.slice(5))
    for (const session of ['rth', 'all'] as const)
      for (const align of ['session', 'clock'] as const)
        for (const day of ['2024-07-03', '2024-03-11', '2024-11-04'])
          expect(filled({ size, session, align }, day)).toBe(true)
})

/** Walks the buckets of a day from its first to the one that ends at the close. */
function filled(cut: CandleGrid, day: string): boolean {
  const whole = bucketAt({ ...cut, size: '1d' }, utc(`${day}T15:00:00Z`))!
  let at = whole.from
  while (at < whole.to) {
    const bucket = bucketAt(cut, at)!
    if (bucket.from !== at || bucket.to <= at || bucket.to > whole.to) return false
    at = bucket.to
  }
  return at === whole.to
}
