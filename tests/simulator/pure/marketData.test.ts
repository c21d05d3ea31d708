import { describe, expect, test } from 'vitest'
import { sessionOn } from '../../../src/market/session.ts'
import { isoInstant, MINUTE_MS, plus } from '../../../src/market/time.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import type { RawClient, TerminalSetup } from '../rawClient.ts'
import { type QuoteWish, quoteRequest } from '../requests.ts'
import { Stage } from '../stage.ts'

const NIGHT = '2024-06-04T02:00:00Z'

/** Days that have been made once need not be made again for each test. */
const MARKET = generatedMarket({ seed: 1 })

const onStage = (setup: TerminalSetup = {}) => {
  const stage = new Stage({ market: MARKET, ...setup })
  return { stage, client: stage.client() }
}

/** What a request for quotes is answered at once. */
function asked(client: RawClient, wish: QuoteWish = {}, id = 5): string[][] {
  client.send(...quoteRequest(id, wish))
  return client.received()
}

/** Prices and other values by their type of tick. */
const valuesOf = (messages: readonly string[][]): Map<number, number> =>
  new Map(
    messages
      .filter(([id]) => ['1', '2', '45', '46'].includes(id!))
      .map((fields) => [Number(fields[3]), Number(fields[4])]),
  )

const codesOf = (messages: readonly string[][]) =>
  messages.filter(([id]) => id === '4').map((fields) => fields[3])

test('quotes begin with their type, their parameters and all that is known', () => {
  const { client } = onStage()
  const [type, parameters, ...ticks] = asked(client)
  expect([type, parameters]).toEqual([
    ['58', '1', '5', '1'],
    ['81', '5', '0.01', '9c0001', '3'],
  ])
  const values = valuesOf(ticks)
  expect([...values.keys()].sort((a, b) => a - b)).toEqual([1, 2, 4, 6, 7, 8, 9, 14, 45, 49])
  const [bid, ask, last, high, low] = [1, 2, 4, 6, 7].map((tick) => values.get(tick)!)
  expect(bid! <= last! && last! <= ask! && bid! < ask! && low! <= last! && last! <= high!).toBe(true)
  expect([values.get(45), values.get(49)]).toEqual([1717426799, 0])
})

test('quotes are those of the day as history has it', async () => {
  const { stage, client } = onStage()
  const values = valuesOf(asked(client))
  const wish = { step: '1 day', duration: '2 D' }
  const [regular, all] = [
    await stage.history(client, wish),
    await stage.history(client, { ...wish, rth: false }),
  ]
  const [before, today] = [regular[0]!.slice(5, 13), regular[0]!.slice(13, 21)]
  expect([14, 6, 7, 4].map((tick) => values.get(tick))).toEqual(today.slice(1, 5).map(Number))
  expect(values.get(9)).toBe(Number(before[4]))
  expect(values.get(8)).toBe(Number(all[0]!.at(-3)))
})

test('after that only changes are told, a size alone where the price stays', async () => {
  const { stage, client } = onStage()
  const values = valuesOf(asked(client))
  await stage.pass(120)
  const messages = client.received()
  const before = new Map<string | undefined, string | undefined>()
  for (const [, , , type, price] of messages.filter(([id]) => id === '1')) {
    expect(before.get(type)).not.toBe(price)
    before.set(type, price)
  }
  expect(messages.some(([id, , , type]) => id === '2' && type === '0')).toBe(true)
  const after = valuesOf(messages)
  expect(after.get(8)!).toBeGreaterThan(values.get(8)!)
})

test('a cancelled stream is silent, and its line is free again', async () => {
  const { stage, client } = onStage({ switches: { dataLines: 1 } })
  asked(client)
  expect(codesOf(asked(client, {}, 6))).toEqual(['101'])
  client.send(2, 2, 5)
  expect(codesOf(asked(client, {}, 6))).toEqual([])
  await stage.pass(10)
  expect(new Set(client.received().map((fields) => fields[2]))).toEqual(new Set(['6']))
})

test('a snapshot tells everything once, and its end eleven seconds later', async () => {
  const { stage, client } = onStage()
  expect(valuesOf(asked(client, { snapshot: true })).size).toBe(10)
  await stage.pass(10.9)
  expect(client.received()).toEqual([])
  await stage.pass(0.2)
  expect(client.received()).toEqual([['57', '1', '5']])
})

for (const [title, wish] of [
  ['a snapshot with generic ticks', { snapshot: true, generic: '233' }],
  ['a generic tick that stocks do not have', { generic: '233,999' }],
] as const)
  test(`${title} is refused`, () => {
    const { client } = onStage()
    expect(codesOf(asked(client, wish))).toEqual(['321'])
  })

test('generic ticks that stocks have are taken', () => {
  const { client } = onStage()
  expect(codesOf(asked(client, { generic: '100,165,233:1,236' }))).toEqual([])
})

describe('at night', () => {
  test('nobody quotes, but the last trade is known', () => {
    const { client } = onStage({ now: NIGHT })
    const values = valuesOf(asked(client))
    expect([values.get(1), values.get(2), values.get(4)! > 0]).toEqual([-1, -1, true])
  })

  test('frozen quotes are the last of the day, and say so', () => {
    const { client } = onStage({ now: NIGHT })
    client.send(59, 1, 2)
    const [type, ...ticks] = asked(client)
    expect([type?.[3], valuesOf(ticks).get(1)! > 0]).toEqual(['2', true])
  })

  test('delayed quotes are frozen where that was asked for', () => {
    const { client } = onStage({ now: NIGHT, switches: { delayedData: true } })
    client.send(59, 1, 4)
    const [notice, type, ...ticks] = asked(client)
    expect([notice?.[3], type?.[3], valuesOf(ticks).get(66)! > 0]).toEqual(['10167', '4', true])
  })

  test('frozen quotes thaw when the market opens', async () => {
    const { stage, client } = onStage({ now: '2024-06-04T07:59:00Z' })
    client.send(59, 1, 2)
    asked(client)
    await stage.pass(120)
    expect(client.received().filter(([id]) => id === '58')).toEqual([['58', '1', '5', '1']])
  })
})

describe('a login without live data', () => {
  const cases: [title: string, type: number, delayedAvailable: boolean, codes: string[], first?: string][] = [
    ['is told to subscribe when it asks for live data', 1, true, ['10089']],
    ['is shown delayed data when it asks for them', 3, true, ['10167'], '3'],
    ['has nothing where there is nothing', 1, false, ['354']],
    ['has no delayed data where there are none', 4, false, ['10168']],
  ]
  for (const [title, type, delayedAvailable, codes, first] of cases)
    test(title, () => {
      const { client } = onStage({ switches: { delayedData: true, delayedAvailable } })
      client.send(59, 1, type)
      const messages = asked(client)
      expect(codesOf(messages)).toEqual(codes)
      expect(messages.find(([id]) => id === '58')?.[3]).toBe(first)
    })

  test('sees the market of fifteen minutes ago, in types of its own', () => {
    const late = onStage({ now: '2024-06-03T15:15:00Z', switches: { delayedData: true } }).client
    late.send(59, 1, 3)
    const [delayed, live] = [valuesOf(asked(late)), valuesOf(asked(onStage().client))]
    for (const [live1, late1] of [
      [1, 66],
      [2, 67],
      [4, 68],
      [6, 72],
      [7, 73],
      [8, 74],
      [9, 75],
      [14, 76],
      [45, 88],
    ] as const)
      expect(delayed.get(late1)).toBe(live.get(live1))
  })

  test('has live data as soon as it is entitled to them, whatever it asks for', () => {
    const { client } = onStage()
    client.send(59, 1, 3)
    expect(asked(client)[0]).toEqual(['58', '1', '5', '1'])
  })
})

test('an unknown type of market data is refused', () => {
  const { client } = onStage()
  client.send(59, 1, 5)
  expect(codesOf(client.received())).toEqual(['321'])
})

test('a halt is told, and its end', async () => {
  const market = generatedMarket({ seed: 1, halts: 2 })
  const { from, to } = sessionOn('2024-06-03', 'rth')!
  const minutes = Array.from({ length: (to - from) / MINUTE_MS }, (_, i) => plus(from, i * MINUTE_MS))
  const halted = minutes.find((at) => market.isHalted('SPY', at))!
  const { stage, client } = onStage({ market, now: isoInstant(plus(halted, -2 * MINUTE_MS)) })
  asked(client)
  await stage.pass(40 * 60)
  const told = client.received().filter(([id]) => id === '45')
  expect(told.slice(0, 2)).toEqual([
    ['45', '6', '5', '49', '1'],
    ['45', '6', '5', '49', '0'],
  ])
})
