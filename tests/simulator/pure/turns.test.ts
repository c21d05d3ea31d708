import { expect, test } from 'vitest'
import { machineClock } from '../../../src/clock/machine.ts'
import { parseInstant, plus } from '../../../src/market/time.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import { Turns } from '../../../src/simulator/turns.ts'
import { RawClient, stock, terminal } from '../rawClient.ts'

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
function slowTerminal() {
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
  const tws = terminal({ market: { ...market, bars }, machine: { ...machineClock, now: () => now, after } })
  /** Lets the event loop turn once; says how long it was kept. */
  const turn = (): number => {
    const before = now
    for (const timer of timers.splice(0)) timer()
    return now - before
  }
  return { client: new RawClient(tws).open(193), turn, now: () => now }
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
