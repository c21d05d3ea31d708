import { describe, expect, test } from 'vitest'
import type { Bar, BarSeries } from '../../../src/market/series.ts'
import { type SessionKind, sessionOn } from '../../../src/market/session.ts'
import { isoInstant, parseInstant } from '../../../src/market/time.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'

const day = (date: string, kind: SessionKind = 'rth', symbol = 'SPY', seed = 1): BarSeries =>
  generatedMarket({ seed }).bars(symbol, sessionOn(date, kind)!, kind, 1_000).bars

const rows = (bars: BarSeries) => [...bars]
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

const DAYS: [symbol: string, date: string][] = [
  ['SPY', '2024-06-03'],
  ['SPY', '2024-07-03'], // a half day
  ['AAPL', '2024-03-11'], // the first day of daylight saving time
  ['ZZZ', '2013-10-08'],
  ['IBM', '1998-01-02'], // the calendar's first session
]

for (const [symbol, date] of DAYS)
  describe(`${symbol} on ${date}`, () => {
    const session = sessionOn(date, 'rth')!
    const bars = rows(day(date, 'rth', symbol))

    test('trades in 60 to 85 % of the regular seconds', () => {
      const share = bars.length / ((session.to - session.from) / 1_000)
      expect(share).toBeGreaterThan(0.6)
      expect(share).toBeLessThan(0.85)
    })

    test('has no bar outside its hours, and none twice', () => {
      expect(bars[0]!.time).toBeGreaterThanOrEqual(session.from)
      expect(bars.at(-1)!.time).toBeLessThan(session.to)
      expect(bars.every(({ time }, i) => time % 1_000 === 0 && (i === 0 || time > bars[i - 1]!.time))).toBe(
        true,
      )
    })

    test('has prices on the one-cent grid, the average within the bar, and something traded', () => {
      const isOnGrid = (price: number) => price === Math.round(price * 100) / 100
      const isSound = ({ open, high, low, close, volume, vwap, tradeCount }: Bar) =>
        [open, high, low, close].every(isOnGrid) &&
        low <= Math.min(open, close, vwap!) &&
        high >= Math.max(open, close, vwap!) &&
        volume >= 1 &&
        tradeCount! >= 1
      expect(bars.filter((bar) => !isSound(bar))).toEqual([])
    })

    test('is busiest at the open and at the close', () => {
      const at = (share: number) => Math.floor(bars.length * share)
      const volume = (from: number, to: number) => sum(bars.slice(at(from), at(to)).map((bar) => bar.volume))
      expect(Math.min(volume(0, 0.1), volume(0.9, 1))).toBeGreaterThan(1.2 * volume(0.45, 0.55))
    })

    test('moves like a stock: 0.2 to 8 % between its low and its high', () => {
      const [high, low] = [Math.max(...bars.map((bar) => bar.high)), Math.min(...bars.map((bar) => bar.low))]
      expect(high / low - 1).toBeGreaterThan(0.002)
      expect(high / low - 1).toBeLessThan(0.08)
    })
  })

test('the same seed makes the same day, whatever was asked before', () => {
  const market = generatedMarket({ seed: 1 })
  for (const date of ['2024-06-05', '2024-05-01']) market.bars('SPY', sessionOn(date, 'all')!, 'all', 1_000)
  const again = market.bars('SPY', sessionOn('2024-06-03', 'rth')!, 'rth', 1_000).bars
  expect(rows(again)).toEqual(rows(day('2024-06-03')))
})

/** Bars and a checksum over all of them: worlds that are stored must be found again as they were. */
const KNOWN: [symbol: string, date: string, kind: SessionKind, bars: number, checksum: number][] = [
  ['SPY', '2024-06-03', 'rth', 17719, 2776078621],
  ['SPY', '2024-07-03', 'all', 12094, 1797290847],
  ['ZZZ', '2013-10-08', 'all', 18893, 805386814],
]

for (const [symbol, date, kind, count, checksum] of KNOWN)
  test(`${symbol} on ${date} in ${kind === 'rth' ? 'regular' : 'all'} hours is what it has always been`, () => {
    const bars = rows(day(date, kind, symbol))
    const parts = bars.map(({ close, volume }, i) => Math.round(close * 100) * (1 + (i % 7)) + volume)
    expect([bars.length, sum(parts)]).toEqual([count, checksum])
  })

test('another seed makes another day', () =>
  expect(rows(day('2024-06-03', 'rth', 'SPY', 2))).not.toEqual(rows(day('2024-06-03'))))

test('regular hours are the same alone and among all hours', () => {
  const session = sessionOn('2024-06-03', 'rth')!
  const all = rows(day('2024-06-03', 'all'))
  expect(all.filter(({ time }) => time >= session.from && time < session.to)).toEqual(rows(day('2024-06-03')))
  const outside = all.length - day('2024-06-03').length
  expect(outside).toBeGreaterThan(500)
  expect(outside).toBeLessThan(6_000)
})

test('busy minutes follow busy minutes', () => {
  const perMinute = new Float64Array(390)
  const { from } = sessionOn('2024-06-03', 'rth')!
  for (const { time, high, low } of day('2024-06-03'))
    perMinute[Math.floor((time - from) / 60_000)]! += high - low
  const middle = perMinute.slice(120, 270)
  const mean = sum(middle) / middle.length
  const covariance = sum(middle.slice(1).map((value, i) => (value - mean) * (middle[i]! - mean)))
  expect(covariance / sum(middle.map((value) => (value - mean) ** 2))).toBeGreaterThan(0.15)
})

test('prices gap overnight, and stay where they were over a year', () => {
  const closes = ['2024-06-03', '2024-06-04', '2025-06-03'].map((date) => rows(day(date)))
  const overnight = closes[1]![0]!.open / closes[0]!.at(-1)!.close
  expect(overnight).not.toBe(1)
  expect(Math.abs(overnight - 1)).toBeLessThan(0.05)
  expect(Math.abs(Math.log(closes[2]!.at(-1)!.close / closes[0]!.at(-1)!.close))).toBeLessThan(1)
})

test('a market of listed symbols has no others', () => {
  const market = generatedMarket({ seed: 1, symbols: ['SPY'] })
  expect([market.has('SPY'), market.has('IBM'), generatedMarket({ seed: 1 }).has('IBM')]).toEqual([
    true,
    false,
    true,
  ])
})

for (const [now, start] of [
  ['2024-06-04T15:00:00Z', '2024-06-03T14:30:00Z'],
  ['2024-06-04T23:00:00Z', '2024-06-03T14:30:00Z'],
  ['2024-06-03T03:00:00Z', '2024-05-31T14:30:00Z'],
] as const)
  test(`at ${now} the demo starts on the trading day before`, () =>
    expect(isoInstant(generatedMarket({ seed: 1 }).defaultStart(parseInstant(now)))).toBe(start))
