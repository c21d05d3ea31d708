import { expect, test } from 'vitest'
import type { BarSeries } from '../../../src/market/series.ts'
import { sessionOn } from '../../../src/market/session.ts'
import { epochMs } from '../../../src/market/time.ts'
import { type GeneratorOptions, generatedMarket } from '../../../src/simulator/generator.ts'
import { historyRequest, RawClient, terminal } from '../rawClient.ts'

const day = (date: string, options: Partial<GeneratorOptions> = {}): BarSeries =>
  generatedMarket({ seed: 1, ...options }).bars('SPY', sessionOn(date, 'rth')!, 'rth', 1_000).bars

const rows = (bars: BarSeries) => [...bars]
const plain = rows(day('2024-06-03'))

test('options that change nothing leave every price as it is', () =>
  expect(rows(day('2024-06-03', { trend: 0, volatility: 1, halts: 0, badPrints: 0, splits: [] }))).toEqual(
    plain,
  ))

test('a market of other options has another name, whatever its seed and symbols', () => {
  const name = (options: Partial<GeneratorOptions>) => generatedMarket({ seed: 1, ...options }).hash
  expect([name({}), name({ seed: 2, symbols: ['SPY'], halts: 0 })]).toEqual(['generated', 'generated'])
  expect(new Set([name({}), name({ halts: 1 }), name({ badPrints: 1 }), name({ trend: 1 })]).size).toBe(4)
})

test('a trend lifts prices by its share of a year', () => {
  const closeOf = (date: string, trend: number) => rows(day(date, { trend })).at(-1)!.close
  const lift = (date: string) => Math.log(closeOf(date, 0.2) / closeOf(date, 0))
  expect(lift('2024-12-31')).toBeCloseTo(0.2, 2)
  expect(lift('2024-01-02')).toBeCloseTo(0, 2)
  expect(lift('2023-01-03')).toBeCloseTo(-0.2, 2)
})

test('a wilder market moves further in a day', () => {
  const range = (volatility: number) => {
    const bars = rows(day('2024-06-03', { volatility }))
    return Math.max(...bars.map(({ high }) => high)) / Math.min(...bars.map(({ low }) => low)) - 1
  }
  expect(range(3) / range(1)).toBeGreaterThan(2)
})

test('a bad print lies at least five percent off, in one bar, and all else is as it would have been', () => {
  const bars = rows(day('2024-06-03', { badPrints: 3 }))
  const changed = bars.filter((bar, i) => JSON.stringify(bar) !== JSON.stringify(plain[i]))
  expect([bars.length, changed.length]).toEqual([plain.length, 3])
  for (const { high, low, close } of changed)
    expect(Math.max(high / close, close / low)).toBeGreaterThan(1.04)
})

test('nothing trades in a halt, and all else is as it would have been', () => {
  const market = generatedMarket({ seed: 1, halts: 2 })
  const bars = rows(day('2024-06-03', { halts: 2 }))
  const missing = plain.filter(({ time }) => !bars.some((bar) => bar.time === time))
  expect(plain.filter(({ time }) => !market.isHalted('SPY', time))).toEqual(bars)
  expect(missing.length).toBeGreaterThan(300)
  expect(missing.every(({ time }) => market.isHalted('SPY', time))).toBe(true)
  expect(market.isHalted('SPY', epochMs(Date.parse('2024-06-02T15:00:00Z')))).toBe(false)
})

const SPLIT = { symbol: 'SPY', date: '2024-06-03', ratio: 4 }

test('a split cuts prices from its day on', () => {
  const [before, after] = [
    rows(day('2024-05-31', { splits: [SPLIT] })),
    rows(day('2024-06-03', { splits: [SPLIT] })),
  ]
  expect(before).toEqual(rows(day('2024-05-31')))
  expect(after.length).toBe(plain.length)
  for (const [i, bar] of after.entries()) {
    expect(bar.close).toBeCloseTo(plain[i]!.close / 4, 1)
    expect(bar.close).toBe(Math.round(bar.close * 100) / 100)
    expect(bar.low <= Math.min(bar.open, bar.close) && Math.max(bar.open, bar.close) <= bar.high).toBe(true)
  }
})

test('adjusted prices are as if the split had always been, trades are as they were traded', async () => {
  const market = generatedMarket({
    seed: 1,
    splits: [SPLIT, { symbol: 'IBM', date: '2024-06-03', ratio: 9 }],
  })
  const client = new RawClient(terminal({ market })).open(193)
  const closes = async (id: number, what: string) => {
    client.send(...historyRequest({ id, what, step: '1 day', duration: '3 D' }))
    const [, , , , , ...fields] = (await client.answers())[0]!
    return [4, 12, 20].map((i) => Number(fields[i]))
  }
  const [trades, adjusted] = [await closes(1, 'TRADES'), await closes(2, 'ADJUSTED_LAST')]
  expect(adjusted[2]).toBe(trades[2])
  expect([0, 1].map((i) => adjusted[i]! * 4)).toEqual(
    trades.slice(0, 2).map((close) => expect.closeTo(close, 3)),
  )
})
