import { expect, test } from 'vitest'
import type { BarSeries } from '../../../src/market/series.ts'
import { sessionOn } from '../../../src/market/session.ts'
import { epochMs } from '../../../src/market/time.ts'
import { type GeneratorOptions, generatedMarket } from '../../../src/simulator/generator.ts'
import { historyRequest, RawClient, stock, terminal } from '../rawClient.ts'

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

const SPLIT_MARKET = generatedMarket({
  seed: 1,
  splits: [SPLIT, { symbol: 'IBM', date: '2024-06-03', ratio: 9 }],
})

/** Close and volume of the last three days, the split's the last of them. */
async function lastDays(what: string, splitAdjusted: boolean): Promise<[close: number, volume: number][]> {
  const client = new RawClient(terminal({ market: SPLIT_MARKET, switches: { splitAdjusted } })).open(193)
  client.send(...historyRequest({ what, step: '1 day', duration: '3 D' }))
  const [, , , , , ...fields] = (await client.answers())[0]!
  return [0, 8, 16].map((i) => [Number(fields[i + 4]), Number(fields[i + 5])])
}

for (const what of ['TRADES', 'MIDPOINT', 'BID', 'ASK', 'BID_ASK'])
  test(`history of ${what} is as if the split had always been, or as it was told at the time`, async () => {
    const [adjusted, plain] = [await lastDays(what, true), await lastDays(what, false)]
    expect(adjusted[2]).toEqual(plain[2])
    const isTraded = what === 'TRADES'
    for (const [i, [close, volume]] of adjusted.slice(0, 2).entries()) {
      expect(close).toBeCloseTo(plain[i]![0] / 4, 3)
      expect(volume).toBe(isTraded ? plain[i]![1] * 4 : -1)
    }
  })

test('adjusted trades are the adjusted history of trades, whatever the switch', async () => {
  const adjusted = await lastDays('TRADES', true)
  expect(await lastDays('ADJUSTED_LAST', true)).toEqual(adjusted)
  expect(await lastDays('ADJUSTED_LAST', false)).toEqual(adjusted)
})

test('a split to come changes nothing yet, and past ticks stay as they were traded', async () => {
  const ask = async (now: string) => {
    const client = new RawClient(terminal({ market: SPLIT_MARKET, now })).open(193)
    client.send(...historyRequest({ step: '1 day', duration: '1 D', end: '20240531-21:00:00' }))
    const [, , , , , , , , , close] = (await client.answers())[0]!
    client.send(96, 1, ...stock('SPY'), false, '', '20240531-20:00:00', 1, 'TRADES', 1, false, '')
    return [Number(close), Number(client.received()[0]!.at(-5))]
  }
  const [[close, tick], [closeAfter, tickAfter]] = [
    await ask('2024-06-02T15:00:00Z'),
    await ask('2024-06-03T15:00:00Z'),
  ]
  expect([tick, tickAfter, closeAfter! * 4]).toEqual([close, close, expect.closeTo(close!, 3)])
})
