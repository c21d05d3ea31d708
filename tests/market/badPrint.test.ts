import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NEIGHBOURS, type SuspectKind, suspects } from '../../src/market/badPrint.ts'
import { type Bar, BarSeries, slice } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { sessionPartAt } from '../../src/market/sessionPart.ts'
import { type EpochMs, isoInstant, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import { haveSamples, sampleBars } from '../support/samples.ts'

const TICK = 0.01
const tuesday = sessionOn('2013-10-08', 'rth')!
const flat = (time: EpochMs, price = 100): Bar => ({
  ...{ time, open: price, high: price, low: price, close: price },
  ...{ volume: 100, vwap: null, tradeCount: null },
})
const secondsOf = (prices: readonly number[], from = tuesday.from): Bar[] =>
  prices.map((price, i) => flat(plus(from, i * SECOND_MS), price))
const kindsOf = (bars: readonly Bar[]): [index: number, kind: SuspectKind][] =>
  suspects(BarSeries.of(bars), TICK).map(({ index, kind }) => [index, kind])
const timesOf = (bars: BarSeries): string[] =>
  suspects(bars, TICK).map(({ index }) => isoInstant(bars.at(index).time))

const calm = Array<number>(12).fill(100)
const CASES: { title: string; prices: number[]; found: [number, SuspectKind][] }[] = [
  { title: 'a second that leaps out and comes back', prices: calm.with(6, 101), found: [[6, 'badPrint']] },
  { title: 'the mirror of it', prices: calm.with(6, 99), found: [[6, 'badPrint']] },
  { title: 'a leap below a quarter of a percent', prices: calm.with(6, 100.2), found: [] },
  { title: 'a lasting move', prices: [...calm, ...calm.map(() => 101)], found: [] },
  { title: 'a move of two seconds', prices: calm.with(6, 101).with(7, 101), found: [] },
  {
    title: 'a leap among noise of its own size',
    prices: calm.map((p, i) => p + (i % 2)).with(6, 102),
    found: [],
  },
  { title: 'a leap that has not come back yet', prices: [...calm.slice(0, 6), 101, 100, 100], found: [] },
  { title: 'twice the price', prices: calm.with(6, 200), found: [[6, 'jump']] },
  { title: 'half the price in the newest second', prices: calm.with(11, 50), found: [[11, 'jump']] },
  { title: 'twice the price that lasts', prices: [...calm, ...calm.map(() => 200)], found: [] },
]
for (const { title, prices, found } of CASES) {
  const verdict = found.length > 0 ? `is a ${found[0]![1]}` : 'is not suspected'
  test(`${title} ${verdict}`, () => expect(kindsOf(secondsOf(prices))).toEqual(found))
}

test('a high alone can be a bad print', () => {
  const bars = secondsOf(calm)
  bars[6] = { ...bars[6]!, high: 101 }
  expect(kindsOf(bars)).toEqual([[6, 'badPrint']])
})

test('neighbours of another session, or far away, say nothing', () => {
  const open = secondsOf(calm.slice(0, 6))
  const nextDay = secondsOf(calm.with(0, 101), sessionOn('2013-10-09', 'rth')!.from)
  expect(kindsOf([...open, ...nextDay])).toEqual([])
  const minutes = calm.with(6, 101).map((price, i) => flat(plus(tuesday.from, i * 60_000), price))
  expect(kindsOf(minutes)).toEqual([])
})

test('after hours a bar must leap three times as far', () => {
  const evening = parseInstant('2013-10-08T21:00:00Z')
  expect(kindsOf(secondsOf(calm.with(6, 100.7), evening))).toEqual([])
  expect(kindsOf(secondsOf(calm.with(6, 101), evening))).toEqual([[6, 'badPrint']])
})

test('a cheap stock must leap by five ticks', () => {
  expect(kindsOf(secondsOf(calm.map(() => 2).with(6, 2.04)))).toEqual([])
  expect(kindsOf(secondsOf(calm.map(() => 2).with(6, 2.06)))).toEqual([[6, 'badPrint']])
})

test.each([
  ['2013-10-08T12:00:00Z', 'early'],
  ['2013-10-08T13:30:00Z', 'regular'],
  ['2013-10-08T19:59:59Z', 'regular'],
  ['2013-10-08T20:00:00Z', 'late'],
  ['2013-11-29T18:30:00Z', 'late'],
])('%s lies in the %s part of its session', (time, part) => {
  expect(sessionPartAt(parseInstant(time))?.part).toBe(part)
})

test('a closed exchange has no part', () =>
  expect(sessionPartAt(parseInstant('2013-10-08T03:00:00Z'))).toBeNull())

const market = generatedMarket({ seed: 7 })
const generated = market.bars('SPY', sessionOn('2020-03-12', 'rth')!, 'rth', SECOND_MS).bars
const generatedBars = [...generated].slice(0, 4_000)

test('generated sessions have no suspects', () => {
  for (const symbol of ['SPY', 'F', 'AAPL']) {
    for (const date of ['2020-03-12', '2021-01-04', '2026-11-20']) {
      expect(timesOf(market.bars(symbol, sessionOn(date, 'all')!, 'all', SECOND_MS).bars)).toEqual([])
    }
  }
})

const planted = fc.record({
  index: fc.integer({ min: 10, max: generatedBars.length - 11 }),
  factor: fc.oneof(
    fc.double({ min: 1.02, max: 1.5, noNaN: true }),
    fc.double({ min: 0.6, max: 0.98, noNaN: true }),
  ),
})
const withPrint = (index: number, factor: number): Bar[] => {
  const bar = generatedBars[index]!
  const price = bar.close * factor
  return generatedBars.with(index, { ...bar, high: Math.max(bar.high, price), low: Math.min(bar.low, price) })
}

test('a planted print is found, and nothing else', () => {
  fc.assert(
    fc.property(planted, ({ index, factor }) => {
      expect(kindsOf(withPrint(index, factor))).toEqual([[index, 'badPrint']])
    }),
    { numRuns: 60 },
  )
})

test('the verdict on a bar needs no more than its neighbours', () => {
  fc.assert(
    fc.property(planted, fc.integer({ min: -3, max: 3 }), ({ index, factor }, shift) => {
      const bars = withPrint(index, factor)
      const from = Math.max(0, index + shift - 3 - 2 * NEIGHBOURS)
      const part = kindsOf(bars.slice(from, index + shift + 4 + 2 * NEIGHBOURS))
      expect(part.map(([i, kind]) => [i + from, kind])).toEqual([[index, 'badPrint']])
    }),
    { numRuns: 60 },
  )
})

test('mirrored prices have the same suspects', () => {
  const prices = fc.array(fc.integer({ min: 9_900, max: 10_100 }), { minLength: 8, maxLength: 60 })
  fc.assert(
    fc.property(prices, (cents) => {
      const [bars, mirror] = [cents.map((c) => c / 100), cents.map((c) => 200 - c / 100)]
      const near = kindsOf(secondsOf(mirror)).length - kindsOf(secondsOf(bars)).length
      expect(near).toBe(0)
    }),
    { numRuns: 50 },
  )
})

describe.runIf(haveSamples)('on real tapes', () => {
  const regular = (name: string, date: string): BarSeries => {
    const { from, to } = sessionOn(date, 'rth')!
    return slice(sampleBars(name), from, to)
  }

  test.each([
    ['SPY-1s-20131007.csv.gz', '2013-10-07', []],
    ['SPY-1s-20131008.csv.gz', '2013-10-08', ['2013-10-08T19:03:04Z', '2013-10-08T19:36:10Z']],
    ['SPY-1s-20131009.csv.gz', '2013-10-09', []],
    ['IBM-1s-20131007.csv.gz', '2013-10-07', []],
    ['IBM-1s-20131008.csv.gz', '2013-10-08', []],
  ])('the regular hours of %s have exactly the suspects that are known', (name, date, found) => {
    expect(timesOf(regular(name, date))).toEqual(found)
  })

  test('late reports after hours, at a price of the day before, are suspected', () => {
    const found = timesOf(sampleBars('SPY-1s-20131008.csv.gz')).filter((time) => time >= '2013-10-08T20:00')
    expect(found).toHaveLength(9)
  })
})
