import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BarSize } from '../../src/market/barSize.ts'
import { bucketAt, type CandleGrid, canBuild, resample } from '../../src/market/resample.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { sessionAt, sessionOn } from '../../src/market/session.ts'
import { epochMs, SECOND_MS } from '../../src/market/time.ts'
import { tradedValue, vwapOf } from '../../src/market/vwap.ts'

/** A full day, a half day, and the Mondays after the clocks were changed. */
const DAYS = ['2024-01-05', '2024-07-03', '2024-03-11', '2024-11-04'] as const

const cents = (min: number, max: number) =>
  fc.integer({ min: min * 100, max: max * 100 }).map((it) => it / 100)

const someBar = fc.record({
  date: fc.constantFrom(...DAYS),
  second: fc.integer({ min: 0, max: 13 * 3_600 - 1 }),
  prices: fc.tuple(cents(100, 200), cents(100, 200), cents(100, 200), cents(100, 200)),
  volume: fc.integer({ min: 0, max: 1_000_000 }),
  vwap: fc.double({ min: 100, max: 200, noNaN: true }),
  tradeCount: fc.integer({ min: 1, max: 500 }),
})

/** Up to 400 seconds of these days, two hours before the open to long after the close, in order and without doubles. */
const someSeconds = fc.array(someBar, { minLength: 1, maxLength: 400 }).map((drafts) => {
  const bars = new Map<number, Bar>()
  for (const { date, second, prices, ...rest } of drafts) {
    const time = epochMs(sessionOn(date, 'rth')!.from + (second - 2 * 3_600) * SECOND_MS)
    const [open, close, ...ends] = prices
    const [high, low] = [Math.max(open, close, ...ends), Math.min(open, close, ...ends)]
    bars.set(time, { time, open, high, low, close, ...rest })
  }
  return BarSeries.of([...bars.values()].sort((a, b) => a.time - b.time))
})

const someGrid = fc.record({
  size: fc.constantFrom<BarSize>('5m', '10m', '15m', '20m', '30m', '1h', '2h', '4h', '1d'),
  session: fc.constantFrom('rth' as const, 'all' as const),
  align: fc.constantFrom('session' as const, 'clock' as const),
})

const someStep = fc.constantFrom<BarSize>('5s', '30s', '1m', '5m', '15m', '30m', '1h')

test('candles are equal through whatever sizes they are made, to the last bit of their vwap', () => {
  fc.assert(
    fc.property(someSeconds, someGrid, someStep, someStep, (seconds, grid, first, second) => {
      const steps = [first, second].filter((size) => canBuild(size, grid)).sort(bySize)
      fc.pre(steps.length > 0 && steps.every((size, i) => canBuild(steps[i - 1] ?? '1s', { ...grid, size })))
      const through = steps.reduce((bars, size) => resample(bars, { ...grid, size }), seconds)
      expect([...resample(through, grid)]).toEqual([...resample(seconds, grid)])
    }),
  )
})

const ORDER: readonly BarSize[] = ['1s', '5s', '30s', '1m', '5m', '15m', '30m', '1h']
const bySize = (a: BarSize, b: BarSize) => ORDER.indexOf(a) - ORDER.indexOf(b)

test('rollups of all hours make the candles of regular hours', () => {
  fc.assert(
    fc.property(someSeconds, someGrid, (seconds, grid) => {
      const quarters = resample(seconds, { size: '5m', session: 'all', align: 'clock' })
      fc.pre(canBuild('5m', grid))
      expect([...resample(quarters, grid)]).toEqual([...resample(seconds, grid)])
    }),
  )
})

test('volume is conserved inside the sessions', () => {
  fc.assert(
    fc.property(someSeconds, someGrid, (seconds, grid) => {
      const inside = [...seconds].filter((bar) => sessionAt(bar.time, grid.session))
      expect(sum([...resample(seconds, grid)])).toBe(sum(inside))
    }),
  )
})

const sum = (bars: readonly Bar[]) => bars.reduce((total, bar) => total + bar.volume, 0)

test('every candle is that of the bars in its bucket, and no bucket leaves its session', () => {
  fc.assert(
    fc.property(someSeconds, someGrid, (seconds, grid) => {
      const byTime = new Map<number, Bar[]>()
      for (const bar of seconds) {
        const bucket = bucketAt(grid, bar.time)
        if (!bucket) continue
        expectInside(grid, bar, bucket)
        byTime.set(bucket.time, [...(byTime.get(bucket.time) ?? []), bar])
      }
      expect([...resample(seconds, grid)].map(outline)).toEqual([...byTime].map(expectedOutline))
    }),
  )
})

function expectInside(grid: CandleGrid, bar: Bar, bucket: { from: number; to: number }): void {
  const session = sessionAt(bar.time, grid.session)!
  expect(bucket.from >= session.from && bucket.to <= session.to).toBe(true)
  expect(bucket.from <= bar.time && bar.time < bucket.to).toBe(true)
}

const outline = ({ time, open, high, low, close }: Bar) => [time, open, high, low, close]

const expectedOutline = ([time, bars]: [number, Bar[]]) => [
  time,
  bars[0]!.open,
  Math.max(...bars.map(({ high }) => high)),
  Math.min(...bars.map(({ low }) => low)),
  bars.at(-1)!.close,
]

test('a sum of traded values is found again in its vwap', () => {
  const upToTheBound = fc.integer({ min: 1, max: 1_500_000_000_000_000 })
  fc.assert(
    fc.property(upToTheBound, fc.integer({ min: 1, max: 1_000_000_000 }), (value, volume) => {
      expect(tradedValue(vwapOf(value, volume), volume)).toBe(value)
    }),
    { numRuns: 2_000 },
  )
})
