import { expect, test } from 'vitest'
import { machineClock } from '../../../src/clock/machine.ts'
import { parseInstant, plus } from '../../../src/market/time.ts'
import { emptyAccount } from '../../../src/simulator/account.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import { Turns } from '../../../src/simulator/turns.ts'
import { manualClock } from '../../support/manualClock.ts'
import { historyRequest, RawClient, stock, type TerminalSetup, terminal } from '../rawClient.ts'

/** Turns on a machine whose time is taken up by work of so many milliseconds. */
function setUp() {
  let now = parseInstant('2024-06-03T15:00:00Z')
  const timers: (() => void)[] = []
  const after = (_delayMs: number, callback: () => void) => {
    timers.push(callback)
    return () => {}
  }
  const turns = new Turns({ ...machineClock, now: () => now, after })
  const done: string[] = []
  const take = (name: string, ms: number, signal?: AbortSignal) =>
    turns.take(() => {
      now = plus(now, ms)
      done.push(name)
    }, signal)
  /** Lets the event loop turn once; says what was done in that. */
  const turn = (): string[] => {
    const before = done.length
    for (const timer of timers.splice(0)) timer()
    return done.slice(before)
  }
  return { turns, timers, done, take, turn }
}

test('short work is done at once, however much of it there is', () => {
  const { take, done, timers } = setUp()
  for (let i = 0; i < 100; i++) take('a', 0)
  expect([done.length, timers.length]).toEqual([100, 0])
})

test('after ten milliseconds of work others wait for later turns, in their order', () => {
  const { take, done, turn, timers } = setUp()
  const works: [name: string, ms: number][] = [
    ['a', 6],
    ['b', 6],
    ['c', 12],
    ['d', 0],
    ['e', 1],
  ]
  for (const [name, ms] of works) take(name, ms)
  expect([done, turn(), turn(), turn()]).toEqual([['a', 'b', 'c', 'd', 'e'], ['c'], ['d', 'e'], []])
  expect(timers).toEqual([])
})

test('work that is taken back while it waits is not done', async () => {
  const { take, done, turn } = setUp()
  const taken = new AbortController()
  take('a', 20)
  const waiting = take('b', 1, taken.signal)
  taken.abort()
  turn()
  await waiting
  expect(done).toEqual(['a'])
})

test('what work throws reaches whoever asked for it, and the next has its turn', async () => {
  const { turns, take, done, turn } = setUp()
  take('a', 20)
  const failing = turns.take(() => {
    throw new Error('no prices')
  })
  const outcome = expect(failing).rejects.toThrow('no prices')
  take('b', 1)
  turn()
  await outcome
  expect(done).toEqual(['a', 'b'])
})

/** A terminal on whose machine each look at the market takes six milliseconds. */
function slowTerminal(setup: Pick<TerminalSetup, 'accounts' | 'clock'> = {}) {
  let now = parseInstant('2024-06-03T15:00:00Z')
  const timers: (() => void)[] = []
  const after = (_delayMs: number, callback: () => void) => {
    timers.push(callback)
    return () => {}
  }
  const market = generatedMarket({ seed: 1 })
  const bars: typeof market.bars = (...wish) => {
    now = plus(now, 6)
    return market.bars(...wish)
  }
  const machine = { ...machineClock, now: () => now, after }
  const tws = terminal({ ...setup, market: { ...market, bars }, machine })
  /** Lets the event loop turn once; says how long it was kept. */
  const turn = (): number => {
    const before = now
    for (const timer of timers.splice(0)) timer()
    return now - before
  }
  return { tws, client: new RawClient(tws).open(193), turn, now: () => now }
}

const SYMBOLS = ['AA', 'BB', 'CC', 'DD', 'EE', 'FF', 'GG', 'HH']

test('a burst of new symbols is quoted over several turns, none of them long', () => {
  const { client, turn, now } = slowTerminal()
  const began = now()
  const burst = SYMBOLS.map((symbol, i) => [1, 11, i, ...stock(symbol), false, '', false, false, ''])
  client.sendBytes(RawClient.framed(...burst, [2, 2, 5], [49, 1]))
  const turns = [now() - began]
  const first = client.received()
  const later: string[][] = []
  for (let spent = turn(); spent > 0; spent = turn()) {
    turns.push(spent)
    later.push(...client.received())
  }
  const quoted = (messages: string[][]) =>
    new Set(messages.filter(([id]) => id === '58').map(([, , id]) => id))
  expect(first.at(-1)?.[0]).toBe('49')
  expect([...quoted(first), ...quoted(later)]).toEqual(['0', '1', '2', '3', '4', '6', '7'])
  expect(turns.length).toBeGreaterThan(4)
  expect(Math.max(...turns)).toBeLessThan(30)
})

const HOLDER = {
  ...emptyAccount('DU1000001'),
  positions: SYMBOLS.map((symbol) => ({ symbol, quantity: 10, averageCost: 50 })),
}

/** Lets the loop turn until nothing is left to do. */
function turnsOf(turn: () => number): number[] {
  const turns: number[] = []
  for (let kept = turn(); kept > 0; kept = turn()) turns.push(kept)
  return turns
}

for (const [title, request, last] of [
  ['account updates', [6, 2, 1, 'DU1000001'], ['54', '1', 'DU1000001']],
  ['a summary', [62, 1, 5, 'All', 'NetLiquidation'], ['64', '1', '5']],
  ['updates by model', [76, 1, 5, 'DU1000001', '', 0], ['74', '1', '5']],
] as const)
  test(`${title} of many positions are priced over several turns, and told together`, () => {
    const { client, turn, now } = slowTerminal({ accounts: [HOLDER] })
    const began = now()
    client.sendBytes(RawClient.framed([...request], [49, 1]))
    expect(client.received().map(([id]) => id)).toEqual(['49'])
    const turns = [now() - began, ...turnsOf(turn)]
    expect(client.received().at(-1)).toEqual(last)
    expect(turns.length).toBeGreaterThan(4)
    expect(Math.max(...turns)).toBeLessThan(30)
  })

test('account updates that took several turns keep their order', () => {
  const { client, turn } = slowTerminal({ accounts: [HOLDER] })
  client.send(6, 2, 1, 'DU1000001')
  turnsOf(turn)
  const messages = client.received()
  expect([...new Set(messages.map(([id]) => id))]).toEqual(['6', '7', '8', '54'])
  expect(messages.filter(([id]) => id === '7').map((each) => each[3])).toEqual(SYMBOLS)
})

test('profit and loss that is cancelled while its prices are looked up never comes', () => {
  const { client, turn } = slowTerminal({ accounts: [HOLDER] })
  client.sendBytes(RawClient.framed([92, 5, 'DU1000001', ''], [93, 5]))
  turnsOf(turn)
  expect(client.received()).toEqual([])
})

test('a trade while prices are looked up is in what is told', () => {
  const { tws, client, turn } = slowTerminal({ accounts: [HOLDER] })
  client.send(6, 2, 1, 'DU1000001')
  const trade = { symbol: 'SPY', side: 'BOT', quantity: 10, price: 500, exchange: 'ARCA' } as const
  const order = { commission: 1, clientId: 7, orderId: 3, permId: 9, orderRef: '' }
  tws.books.record('DU1000001', { ...trade, ...order, time: tws.now() })
  turnsOf(turn)
  const held = client.received().filter(([id]) => id === '7')
  expect(held.map((each) => each[3])).toEqual([...SYMBOLS, 'SPY'])
})

test('the close before today is looked up once a day', async () => {
  const clock = manualClock(parseInstant('2024-06-03T15:00:00Z'))
  const { client, turn, now } = slowTerminal({ accounts: [HOLDER], clock })
  client.send(92, 5, 'DU1000001', '')
  turnsOf(turn)
  const began = now()
  await clock.advance(1_000)
  turnsOf(turn)
  expect(client.received().map(([id]) => id)).toEqual(['94', '94'])
  expect(now() - began).toBe(6 * SYMBOLS.length)
})

test('a client beside one that asks for a month of days is answered between them', async () => {
  const { tws, client, turn, now } = slowTerminal()
  const other = new RawClient(tws).open(193, 2)
  client.send(...historyRequest({ step: '1 day', duration: '1 M', what: 'MIDPOINT' }))
  const turns: number[] = []
  while (client.connection.queries.size > 0) {
    const before = now()
    turn()
    await new Promise((resolve) => setImmediate(resolve))
    turns.push(now() - before)
    other.send(49, 1)
  }
  expect(client.received().map(([id]) => id)).toEqual(['17'])
  expect(other.received().length).toBe(turns.length)
  expect(turns.filter((kept) => kept > 0).length).toBeGreaterThan(5)
  expect(Math.max(...turns)).toBeLessThan(30)
})
