import { describe, expect, test } from 'vitest'
import type { Message } from '../../../src/simulator/fields.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import type { RawClient, TerminalSetup } from '../rawClient.ts'
import { historyRequest, stock } from '../rawClient.ts'
import { barRequest, pastRequest, quoteRequest, tickRequest } from '../requests.ts'
import { Stage } from '../stage.ts'

/** Days that have been made once need not be made again for each test. */
const MARKET = generatedMarket({ seed: 1 })

const onStage = (setup: TerminalSetup = {}) => {
  const stage = new Stage({ market: MARKET, ...setup })
  return { stage, client: stage.client() }
}

/** What has come within some seconds of market time. */
async function within(stage: Stage, client: RawClient, seconds: number): Promise<string[][]> {
  await stage.pass(seconds)
  return client.received()
}

/** The rows of an answer with historical data. */
const rowsOf = ([, , , , count = '0', ...fields]: readonly string[]): string[][] =>
  Array.from({ length: Number(count) }, (_, i) => fields.slice(8 * i, 8 * i + 8))

/** An update in the order of an answer's row. */
const updatedRow = ([, , count, date, open, close, high, low, wap, volume]: readonly string[]) => [
  ...[date, open, high, low, close, volume, wap, count],
]

describe('bars that are kept up to date', () => {
  const kept = { step: '1 min', duration: '1800 S', keepUpToDate: true } as const

  test('come first whole, then as updates every five seconds', async () => {
    const { stage, client } = onStage()
    const [[id] = []] = await stage.history(client, kept)
    const updates = await within(stage, client, 60)
    expect([id, new Set(updates.map(([message]) => message))]).toEqual(['17', new Set(['90'])])
    expect(updates).toHaveLength(12)
  })

  test.each([
    ['1 min', '1800 S'],
    ['5 mins', '2 D'],
  ])('of %s end up the same as when they are asked for again', async (step, duration) => {
    const { stage, client } = onStage({ now: '2024-06-03T15:00:20Z' })
    const [first] = await stage.history(client, { ...kept, step, duration })
    const rows = new Map(rowsOf(first!).map((row) => [row[0], row]))
    for (const update of await within(stage, client, 700)) rows.set(update[3], updatedRow(update) as string[])
    const [again] = await stage.history(client, { ...kept, step, duration, id: 8, keepUpToDate: false })
    expect(Number(rowsOf(again!).at(-1)![0])).toBeGreaterThan(Number(rowsOf(first!).at(-1)![0]))
    for (const row of rowsOf(again!)) expect(rows.get(row[0])).toEqual(row)
  })

  for (const [lastUpdate, isWhole] of [
    ['sent', true],
    ['skipped', false],
  ] as const)
    test(`whose last update is ${lastUpdate} ${isWhole ? 'close whole' : 'lack their last seconds'}`, async () => {
      const { stage, client } = onStage({ switches: { lastUpdate } })
      await stage.history(client, kept)
      const updates = (await within(stage, client, 65)).map(updatedRow)
      const last = updates.findLast(([date]) => date === '1717426800')
      const [answer] = await stage.history(client, { ...kept, id: 8, keepUpToDate: false })
      const whole = rowsOf(answer!).find(([date]) => date === '1717426800')
      expect(JSON.stringify(last) === JSON.stringify(whole)).toBe(isWhole)
    })

  test('are silent while nothing trades', async () => {
    const { stage, client } = onStage({ now: '2024-06-03T19:59:55Z' })
    await stage.history(client, kept)
    await stage.pass(10)
    client.received()
    expect(await within(stage, client, 600)).toEqual([])
  })

  test('begin with the first trade of a session, when they were asked for before it', async () => {
    const { stage, client } = onStage({ now: '2024-06-03T13:29:30Z' })
    const [first] = await stage.history(client, { ...kept, step: '5 mins', duration: '2 D' })
    expect(rowsOf(first!).at(-1)![0]).toBe(String(Date.parse('2024-05-31T19:55:00Z') / 1_000))
    const updates = await within(stage, client, 400)
    expect([...new Set(updates.map((update) => update[3]))]).toEqual(
      ['2024-06-03T13:30:00Z', '2024-06-03T13:35:00Z'].map((time) => String(Date.parse(time) / 1_000)),
    )
  })

  test('end when they are cancelled, and a second cancel finds nothing', async () => {
    const { stage, client } = onStage()
    await stage.history(client, kept)
    client.send(25, 1, 7)
    client.send(25, 1, 7)
    expect(client.received().map((fields) => fields[3])).toEqual(['162', '366'])
    expect(await within(stage, client, 60)).toEqual([])
  })

  test('end with their connection', async () => {
    const { stage, client } = onStage()
    await stage.history(client, kept)
    client.connection.closed()
    expect(await within(stage, client, 60)).toEqual([])
    expect(stage.clock.pending).toBe(0)
  })

  for (const [title, wish] of [
    ['an end time', { ...kept, end: '20240603-14:00:00' }],
    ['bars of one second', { ...kept, step: '1 secs' }],
    ['BID_ASK', { ...kept, what: 'BID_ASK' }],
  ] as const)
    test(`are refused with ${title}`, async () => {
      const { stage, client } = onStage()
      expect((await stage.history(client, wish))[0]?.[3]).toBe('321')
    })

  test('are fifty at most', async () => {
    const { stage, client } = onStage()
    for (let id = 1; id <= 50; id++) await stage.history(client, { ...kept, id })
    expect((await stage.history(client, { ...kept, id: 51 }))[0]?.[3]).toBe('322')
  })

  test('keep their id from being used again', async () => {
    const { stage, client } = onStage()
    await stage.history(client, kept)
    expect((await stage.history(client, kept))[0]?.[3]).toBe('322')
  })
})

describe('real-time bars', () => {
  test('come every five seconds, one after the other', async () => {
    const { stage, client } = onStage()
    client.send(...barRequest(5))
    const bars = await within(stage, client, 60)
    expect(bars).toHaveLength(12)
    expect(bars.every((fields) => fields.length === 11 && fields.slice(0, 3).join() === '50,3,5')).toBe(true)
    expect(bars.map((fields) => Number(fields[3]))).toEqual(
      Array.from({ length: 12 }, (_, i) => 1717426800 + 5 * i),
    )
  })

  for (const what of ['TRADES', 'MIDPOINT', 'BID', 'ASK'])
    test(`of ${what} are those of history`, async () => {
      const { stage, client } = onStage()
      client.send(...barRequest(5, what))
      const bars = (await within(stage, client, 300)).map((fields) => fields.slice(3))
      const [answer] = await stage.history(client, { step: '5 secs', duration: '300 S', what })
      const rows = new Map(bars.map((row) => [row[0], row]))
      for (const row of rowsOf(answer!)) expect(rows.get(row[0])).toEqual(row)
      expect(bars).toHaveLength(60)
    })

  test('outside regular hours come only to those who want them', async () => {
    const { stage, client } = onStage({ now: '2024-06-03T20:30:00Z' })
    client.send(...barRequest(5, 'TRADES', true))
    client.send(...barRequest(6, 'TRADES', false))
    expect(new Set((await within(stage, client, 600)).map((fields) => fields[2]))).toEqual(new Set(['6']))
  })

  test('may be subscribed to sixty times in ten minutes', async () => {
    const { stage, client } = onStage()
    for (let id = 1; id <= 61; id++) {
      client.send(...barRequest(id))
      if (id < 61) client.send(51, 1, id)
    }
    expect(client.received().map((fields) => fields.slice(2, 4))).toEqual([['61', '420']])
    expect(stage.tws.violations.counts).toMatchObject({ realTimeBars: 1, window: 0 })
    await stage.pass(601)
    client.received()
    client.send(...barRequest(62))
    expect(client.received()).toEqual([])
  })
})

describe('ticks', () => {
  const told = (messages: readonly string[][]) => messages.filter(([id]) => id === '99')

  test('of trades add up to the volume of history', async () => {
    const { stage, client } = onStage()
    client.send(...tickRequest(5, 'Last'))
    const ticks = told(await within(stage, client, 60))
    const [answer] = await stage.history(client)
    const volume = (texts: readonly (string | undefined)[]) =>
      texts.reduce((sum, text) => sum + Number(text), 0)
    expect(volume(ticks.map((fields) => fields[5]))).toBe(volume(rowsOf(answer!).map((row) => row[5])))
    expect(new Set(ticks.map((fields) => `${fields[2]} ${fields.length}`))).toEqual(new Set(['1 9']))
  })

  test('of quotes never cross, and reach as far as the bars of bid and ask', async () => {
    const { stage, client } = onStage()
    client.send(...tickRequest(5, 'BidAsk'))
    const ticks = told(await within(stage, client, 60))
    const [answer] = await stage.history(client, { step: '1 min', duration: '60 S', what: 'BID_ASK' })
    const [, , high, low] = rowsOf(answer!)[0]!
    expect(ticks.every((fields) => fields.length === 9 && Number(fields[4]) < Number(fields[5]))).toBe(true)
    expect(Math.max(...ticks.map((fields) => Number(fields[5])))).toBe(Number(high))
    expect(Math.min(...ticks.map((fields) => Number(fields[4])))).toBe(Number(low))
  })

  test('of midpoints tell only what is new', async () => {
    const { stage, client } = onStage()
    client.send(...tickRequest(5, 'MidPoint'))
    const prices = told(await within(stage, client, 60)).map((fields) => fields[4])
    expect(prices.length).toBeGreaterThan(10)
    expect(prices.every((price, i) => price !== prices[i - 1])).toBe(true)
  })

  test('of the past come before those to come, when they are wanted', async () => {
    const { stage, client } = onStage()
    client.send(...tickRequest(5, 'AllLast', 20))
    const [past, ...live] = await within(stage, client, 5)
    expect([past?.[0], Number(past?.[2]) >= 20, new Set(live.map((fields) => fields[2]))]).toEqual([
      '98',
      true,
      new Set(['2']),
    ])
  })

  test('run three at a time, whoever asks', async () => {
    const { stage, client } = onStage()
    const other = stage.client(2)
    for (const id of [1, 2]) client.send(...tickRequest(id, 'Last'))
    for (const id of [3, 4]) other.send(...tickRequest(id, 'Last'))
    expect(other.received().map((fields) => fields.slice(2, 4))).toEqual([['4', '10190']])
    client.send(98, 1)
    other.send(...tickRequest(4, 'Last'))
    expect(other.received()).toEqual([])
  })
})

describe('historical ticks', () => {
  const ask = async (wish: Parameters<typeof pastRequest>[1]) => {
    const { stage, client } = onStage()
    return (await stage.ask(client, ...pastRequest(5, wish)))[0]!
  }
  const ticksOf = (fields: readonly string[], each: number) =>
    Array.from({ length: Number(fields[2]) }, (_, i) => fields.slice(3 + each * i, 3 + each * (i + 1)))

  for (const [what, id, each] of [
    ['MIDPOINT', '96', 4],
    ['BID_ASK', '97', 6],
    ['TRADES', '98', 6],
  ] as const)
    test(`of ${what} end at the end, oldest first, and say that they are done`, async () => {
      const answer = await ask({ end: '20240603-14:50:00', what, count: 100 })
      const ticks = ticksOf(answer, each)
      const times = ticks.map(([time]) => Number(time))
      expect([answer[0], answer.length, answer.at(-1)]).toEqual([id, 4 + each * ticks.length, '1'])
      expect(ticks.length).toBeGreaterThanOrEqual(100)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times.at(-1)).toBeLessThan(1717426200)
    })

  test('from a start and to an end are the same where they meet', async () => {
    const before = ticksOf(await ask({ end: '20240603-14:50:00', count: 200 }), 6)
    const start = new Date(Number(before[0]![0]) * 1_000).toISOString().slice(11, 19)
    const after = ticksOf(await ask({ start: `20240603-${start}`, count: before.length }), 6)
    expect(after.slice(0, before.length)).toEqual(before)
  })

  test('come in whole seconds, even beyond the number', async () => {
    const ticks = ticksOf(await ask({ start: '20240603-13:30:00', count: 1 }), 6)
    expect(ticks.length).toBeGreaterThan(1)
    expect(new Set(ticks.map(([time]) => time)).size).toBe(1)
  })

  for (const [title, wish, code] of [
    ['neither start nor end', {}, '321'],
    ['start and end', { start: '20240603-14:00:00', end: '20240603-14:50:00' }, '321'],
    ['no time', { end: 'yesterday' }, '10314'],
    ['too many', { end: '20240603-14:50:00', count: 1_001 }, '321'],
    ['another kind', { end: '20240603-14:50:00', what: 'HALTS' }, '321'],
    ['an end without zone', { end: '20240603 10:50:00' }, '2174'],
  ] as const)
    test(`with ${title} are answered with ${code}`, async () => expect((await ask(wish))[3]).toBe(code))
})

const UNKNOWN: readonly [title: string, message: Message, code: string][] = [
  ['market data', [2, 1, 77], '300'],
  ['market data in the words of Python clients', [2, 2, 77], '300'],
  ['real-time bars', [51, 1, 77], '300'],
  ['ticks', [98, 77], '300'],
  ['historical data', [25, 1, 77], '366'],
]

for (const [title, message, code] of UNKNOWN)
  test(`a cancel of ${title} that nobody asked for is answered with ${code}`, () => {
    const { client } = onStage()
    client.send(...message)
    expect(client.received().map((fields) => fields.slice(2, 4))).toEqual([['77', code]])
  })

test('a cancel of a head timestamp is taken in silence', () => {
  const { client } = onStage()
  client.send(90, 77)
  expect(client.received()).toEqual([])
})

const STARTS: readonly [title: string, request: (id: number, symbol: string) => Message][] = [
  ['market data', (id, symbol) => quoteRequest(id, { symbol })],
  ['real-time bars', (id, symbol) => barRequest(id, 'TRADES', true, symbol)],
  ['ticks', (id, symbol) => tickRequest(id, 'Last', 0, false, symbol)],
]

for (const [title, request] of STARTS) {
  const refusal = (message: Message, setup: TerminalSetup = {}) => {
    const { client } = onStage(setup)
    client.send(...request(1, 'SPY'))
    client.received()
    client.send(...message)
    return client.received()[0]?.slice(2, 4)
  }

  test(`${title} of an unknown symbol have no definition`, () =>
    expect(refusal(request(2, 'NO.SUCH'))).toEqual(['2', '200']))

  test(`${title} under an id that is taken are refused`, () =>
    expect(refusal(request(1, 'SPY'))).toEqual(['1', '322']))

  test(`${title} beyond the lines of data are refused`, () =>
    expect(refusal(request(2, 'SPY'), { switches: { dataLines: 1 } })).toEqual(['2', '101']))

  test(`${title} without an exchange are refused`, () => {
    const message = [...request(2, 'SPY')]
    message[message.indexOf('SMART')] = ''
    expect(refusal(message)).toEqual(['2', '321'])
  })
}

test('a tick of ours that fails ends that one connection', async () => {
  const { stage, client } = onStage({ market: generatedMarket({ seed: 1 }) })
  const honest = stage.client(2)
  honest.send(...barRequest(1))
  client.send(...barRequest(1, 'TRADES', true, 'IBM'))
  const { bars } = stage.tws.market
  Object.assign(stage.tws.market, {
    bars: (...asked: Parameters<typeof bars>) => {
      if (asked[0] === 'IBM') throw new Error('a defect')
      return bars(...asked)
    },
  })
  await stage.pass(5)
  expect([client.hungUp, honest.hungUp, honest.received().length]).toEqual([true, false, 1])
})

test('a request is read wherever its contract is a number alone', async () => {
  const { stage, client } = onStage()
  const byNumber = stock('').with(0, 756733).with(2, '')
  expect((await stage.ask(client, 87, 5, ...byNumber, 0, 1, 'TRADES', 2))[0]?.[0]).toBe('88')
  const [answer] = await stage.ask(client, ...historyRequest({ symbol: '' }).with(2, 756733))
  expect(answer?.[0]).toBe('17')
})
