import { expect, test } from 'vitest'
import type { Switches } from '../../../src/simulator/switches.ts'
import { type HistoryWish, historyRequest, RawClient, terminal } from '../rawClient.ts'

const NOW = '2024-06-03T15:00:00Z'

async function rowsOf(wish: HistoryWish, switches: Partial<Switches> = {}, now = NOW): Promise<string[][]> {
  const client = new RawClient(terminal({ now, switches })).open(193)
  client.send(...historyRequest(wish))
  const [, , , , count, ...fields] = (await client.answers()).at(-1)!
  return Array.from({ length: Number(count) }, (_, i) => fields.slice(i * 8, i * 8 + 8))
}

test('quiet seconds are missing, or flat at the last price without volume', async () => {
  const missing = await rowsOf({})
  const flat = await rowsOf({}, { quietBars: 'flat' })
  expect(missing.length).toBeLessThan(60)
  expect(flat).toHaveLength(60)
  expect(flat.filter(([, , , , , volume]) => volume !== '0')).toEqual(missing)
  for (const [i, [, open, high, low, close, volume, wap, count]] of flat.entries()) {
    const before = flat[i - 1]?.[4] ?? open
    if (volume === '0') expect([open, high, low, close, wap, count]).toEqual([...Array(5).fill(before), '0'])
  }
})

test('quiet minutes before the first trade of a session stay missing', async () => {
  const wish = { step: '1 min', duration: '3600 S', rth: false, end: '20240603-09:00:00' }
  const [missing, flat] = [await rowsOf(wish), await rowsOf(wish, { quietBars: 'flat' })]
  expect(flat[0]).toEqual(missing[0])
  expect(flat.length).toBeGreaterThan(missing.length)
})

for (const [reach, first] of [
  ['clock', '1717421400'],
  ['trading', '1717182060'],
] as const)
  test(`with a reach by ${reach} an hour of regular seconds at 09:31 begins at ${first}`, async () => {
    const wish = { step: '5 secs', duration: '3600 S', end: '20240603-13:31:00' }
    const rows = await rowsOf(wish, { regularHoursReach: reach })
    const seconds = Number(rows[0]![0]) - Number(first)
    expect(seconds).toBeGreaterThanOrEqual(0)
    expect(seconds).toBeLessThan(60)
  })

test('the newest seconds come late when they are told to', async () => {
  const late = await rowsOf({}, { newestBarsLagMs: 5_000 })
  const all = await rowsOf({})
  expect(late).toEqual(all.filter(([time]) => Number(time) < 1717426795))
})

test('the newest seconds hold only their first trade until they are settled', async () => {
  const [young, all] = [await rowsOf({}, { newestBarsUnsettledMs: 10_000 }), await rowsOf({})]
  const isYoung = ([time]: readonly string[]) => Number(time) >= 1717426790
  expect(young.filter((row) => !isYoung(row))).toEqual(all.filter((row) => !isYoung(row)))
  expect(young.filter(isYoung)).toEqual(
    all.filter(isYoung).map(([time, open]) => [time, open, open, open, open, '1', open, '1']),
  )
  const later = await rowsOf(
    { end: '20240603-15:00:00' },
    { newestBarsUnsettledMs: 10_000 },
    '2024-06-03T15:00:10Z',
  )
  expect(later).toEqual(all)
})

for (const [what, name] of [
  ['HISTORICAL_VOLATILITY', 'HistoricalVol'],
  ['OPTION_IMPLIED_VOLATILITY', 'OptionImpliedVol'],
] as const)
  test(`${what} is not to be had`, async () => {
    const client = new RawClient(terminal()).open(193)
    client.send(...historyRequest({ what, step: '1 day', duration: '1 M' }))
    expect((await client.answers())[0]?.slice(2, 5)).toEqual([
      ...['7', '162'],
      `Historical Market Data Service error message:No historical market data for SPY/STK@IBVOL ${name} 86400`,
    ])
  })

test('adjusted prices have no end time', async () => {
  const client = new RawClient(terminal()).open(193)
  client.send(
    ...historyRequest({ what: 'ADJUSTED_LAST', step: '1 day', duration: '1 M', end: '20240601-00:00:00' }),
  )
  expect((await client.answers())[0]?.slice(2, 4)).toEqual(['7', '321'])
})
