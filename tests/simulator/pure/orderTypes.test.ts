import { describe, expect, test } from 'vitest'
import type { TerminalSetup } from '../rawClient.ts'
import { flat, quoted, type ScriptedSecond, scriptedMarket } from '../scriptedMarket.ts'
import { Stage } from '../stage.ts'
import { Trader, type Wish } from '../trader.ts'

/** Eleven in New York. */
const NOON = '2024-06-03T15:00:00Z'
const secondsAfter = (seconds: number, from = NOON) =>
  new Date(Date.parse(from) + seconds * 1_000).toISOString().replace('.000', '')

/** A market whose seconds are these, from the first after the order is placed. */
function setUp(script: readonly ScriptedSecond[], { now = NOON, ...setup }: TerminalSetup = {}) {
  const stage = new Stage({
    now,
    market: scriptedMarket(now, [flat(100), ...script]),
    switches: { fillShare: 1 },
    ...setup,
  })
  const trader = new Trader(stage)
  const executions = () =>
    stage.tws.books.all[0]!.executions.map(({ time, side, quantity, price }) => [
      (time - Date.parse(now)) / 1_000,
      side,
      quantity,
      price,
    ])
  return { stage, trader, executions }
}

/** Places an order half a second after the first, lets everything happen, and tells what it has traded. */
async function tradesOf(wish: Wish, script: readonly ScriptedSecond[], setup: TerminalSetup = {}) {
  const { stage, trader, executions } = setUp(script, setup)
  await stage.pass(0.5)
  trader.place(1, wish)
  await stage.pass(script.length + 3)
  return executions()
}

const { bid: BID_1 } = quoted(secondsAfter(1), 100)
const { ask: ASK_1 } = quoted(secondsAfter(1), 100)
const bidAt = (second: number, price: number) => quoted(secondsAfter(second), price).bid
const askAt = (second: number, price: number) => quoted(secondsAfter(second), price).ask

describe('a market order', () => {
  test('trades in the first second that begins after it, at its first quote', async () => {
    expect(await tradesOf({}, [flat(100)])).toEqual([[1, 'BOT', 100, ASK_1]])
    expect(await tradesOf({ action: 'SELL' }, [flat(100)])).toEqual([[1, 'SLD', 100, BID_1]])
    expect(await tradesOf({}, [null, null, [100, 101, 99, 101]])).toEqual([[3, 'BOT', 100, askAt(3, 100)]])
  })

  test('rests while nothing trades', async () => {
    expect(await tradesOf({}, [])).toEqual([])
  })
})

test('an order gets at most its share of each second’s volume, and pays the least commission once', async () => {
  const { stage, trader, executions } = setUp([flat(100, 60), null, flat(100, 1), flat(100, 1_000)], {
    switches: { fillShare: 0.5 },
  })
  await stage.pass(0.5)
  trader.place(1, { totalQuantity: 300 })
  const told = await trader.after(10)
  expect(executions().map(([second, , quantity]) => [second, quantity])).toEqual([
    [1, 30],
    [3, 1],
    [4, 269],
  ])
  expect(told.filter((line) => line.startsWith('commission'))).toEqual([
    'commission 1',
    'commission 0',
    'commission 0.5',
  ])
  expect(told.filter((line) => line.startsWith('status'))).toEqual([
    'status 1 Submitted 30/270',
    'status 1 Submitted 31/269',
    'status 1 Filled 300/0',
    'status 1 Filled 300/0',
  ])
})

describe('a limit order', () => {
  const buy = { orderType: 'LMT', lmtPrice: 99 }

  test('rests until the ask has come to its limit, and trades there', async () => {
    expect(await tradesOf(buy, [flat(100), [99.5, 99.6, 98.5, 98.6], flat(99)])).toEqual([
      [2, 'BOT', 100, 99],
    ])
  })

  test('that the market has passed already trades at what is quoted', async () => {
    expect(await tradesOf(buy, [flat(98)])).toEqual([[1, 'BOT', 100, askAt(1, 98)]])
    expect(await tradesOf({ ...buy, action: 'SELL' }, [flat(100)])).toEqual([[1, 'SLD', 100, BID_1]])
  })

  test('does not trade at a price beyond its limit', async () => {
    expect(await tradesOf(buy, [flat(99.06), flat(100)])).toEqual([])
  })
})

describe('a stop', () => {
  const sell = { action: 'SELL', orderType: 'STP', auxPrice: 99, tif: 'GTC' }

  test('that prices pass trades around it', async () => {
    const [trade] = await tradesOf(sell, [flat(100), [99.5, 99.5, 98.5, 98.8]])
    expect(trade).toEqual([2, 'SLD', 100, bidAt(2, 99)])
  })

  test('that the market has jumped trades beyond it: a gap is paid', async () => {
    expect(await tradesOf(sell, [flat(100), null, flat(97)])).toEqual([[3, 'SLD', 100, bidAt(3, 97)]])
    expect(await tradesOf({ ...sell, action: 'BUY', auxPrice: 101 }, [flat(100), flat(102)])).toEqual([
      [2, 'BOT', 100, askAt(2, 102)],
    ])
  })

  test('is told as Submitted when it is reached', async () => {
    const { stage, trader } = setUp([flat(100), flat(98)])
    trader.place(1, sell)
    await stage.pass(1)
    expect((await trader.after(5)).slice(0, 3)).toEqual([
      'order 1 Submitted',
      'status 1 Submitted 0/100',
      'fill 1 SLD 100',
    ])
  })

  test('with a limit rests at it once it is reached', async () => {
    const wish = { ...sell, orderType: 'STP LMT', lmtPrice: 98.9 }
    expect(await tradesOf(wish, [flat(100), flat(98), flat(98.5), flat(99.5)])).toEqual([
      [4, 'SLD', 100, 98.9],
    ])
    expect(await tradesOf(wish, [flat(100), [99.5, 99.5, 98.95, 99]])).toEqual([
      [2, 'SLD', 100, bidAt(2, 99)],
    ])
  })
})

describe('a trailing stop', () => {
  const trail = { action: 'SELL', orderType: 'TRAIL', tif: 'GTC' }
  const climb: ScriptedSecond[] = [
    flat(100),
    flat(103),
    flat(102.5),
    flat(105),
    null,
    flat(104.2),
    flat(103.9),
  ]

  test('follows the market by an amount, and never goes back', async () => {
    expect(await tradesOf({ ...trail, auxPrice: 1 }, climb)).toEqual([[7, 'SLD', 100, bidAt(7, 103.9)]])
  })

  test('follows it by a part of its price', async () => {
    expect(await tradesOf({ ...trail, trailingPercent: 2 }, [...climb, flat(103), flat(102.8)])).toEqual([
      [9, 'SLD', 100, bidAt(9, 102.8)],
    ])
  })

  test('begins where it is told to', async () => {
    expect(await tradesOf({ ...trail, auxPrice: 9, trailStopPrice: 99.5 }, [flat(100), flat(99.4)])).toEqual([
      [2, 'SLD', 100, bidAt(2, 99.4)],
    ])
  })

  test('tells where it stands', async () => {
    const { stage, trader } = setUp(climb)
    trader.place(1, { ...trail, auxPrice: 1 })
    const stops = []
    for (let second = 0; second < 6; second++) {
      await stage.pass(1)
      stops.push(stage.tws.floor.orders.live[0]!.trailStop)
      trader.ask(5, 1)
      stops[second] = stage.tws.floor.orders.live[0]!.trailStop
    }
    expect(stops).toEqual([99, 99, 102, 102, 104, 104])
  })

  test('of a buy comes down with the market', async () => {
    expect(
      await tradesOf({ ...trail, action: 'BUY', auxPrice: 1 }, [flat(100), flat(97), flat(97.5), flat(98)]),
    ).toEqual([[4, 'BOT', 100, askAt(4, 98)]])
  })

  test('with a limit gets it from where its stop was reached', async () => {
    const wish = { ...trail, orderType: 'TRAIL LIMIT', auxPrice: 1, lmtPriceOffset: 0.1 }
    expect(await tradesOf(wish, [flat(100), flat(103), flat(101), flat(101.5), flat(102.5)])).toEqual([
      [5, 'SLD', 100, 101.9],
    ])
  })
})

describe('an order for the close', () => {
  const close = '2024-06-03T19:59:57Z'

  test('trades in the last second that trades', async () => {
    expect(
      await tradesOf({ orderType: 'MOC' }, [flat(101), [102, 103, 102, 103], null], { now: close }),
    ).toEqual([[2, 'BOT', 100, quoted(secondsAfter(2, close), 103).ask]])
  })

  test('does not trade beyond its limit, and expires', async () => {
    const { stage, trader, executions } = setUp([flat(101), flat(103)], { now: close })
    trader.place(1, { orderType: 'LOC', lmtPrice: 102 })
    expect(await trader.after(10)).toEqual([
      'status 1 PendingCancel 0/100',
      'status 1 Cancelled 0/100',
      'error 1 202',
    ])
    expect([executions(), stage.clock.pending]).toEqual([[], 0])
  })
})

describe('an order lives', () => {
  const far = { orderType: 'LMT', lmtPrice: 50 }
  const expired = ['status 1 PendingCancel 0/100', 'status 1 Cancelled 0/100', 'error 1 202']

  test('until the close with DAY', async () => {
    const { trader, stage } = setUp([], { now: '2024-06-03T19:59:50Z' })
    trader.place(1, far)
    expect(await trader.after(9.999)).toEqual([])
    expect(await trader.after(0.001)).toEqual(expired)
    expect(stage.tws.books.all[0]!.completedOrders[0]).toMatchObject({
      status: 'Cancelled',
      reason: 'Expired',
    })
  })

  test('until it is cancelled with GTC, over days', async () => {
    const { trader, stage } = setUp([])
    trader.place(1, { ...far, tif: 'GTC' })
    expect(await trader.after(5 * 86_400)).toEqual([])
    expect(trader.cancel(1)).toEqual(expired)
    expect(stage.clock.pending).toBe(0)
  })

  test('until its time with GTD', async () => {
    const { trader } = setUp([])
    trader.place(1, { ...far, tif: 'GTD', goodTillDate: '20240603-15:01:00' })
    expect(await trader.after(59)).toEqual([])
    expect(await trader.after(1)).toEqual(expired)
  })

  test('for one second with IOC', async () => {
    const { trader, executions } = setUp([flat(100), flat(100, 30), flat(100)])
    await trader.after(1)
    trader.place(1, { orderType: 'LMT', lmtPrice: 101, tif: 'IOC' })
    await trader.after(1)
    trader.place(2, { ...far, tif: 'IOC' })
    expect((await trader.after(5)).slice(-3)).toEqual(expired.map((line) => line.replace(' 1 ', ' 2 ')))
    expect(executions()).toEqual([[1, 'BOT', 100, ASK_1]])
  })
})

describe('outside its hours', () => {
  const evening = '2024-06-03T20:30:00Z'

  test('an order is held (399) until the market opens, and then works', async () => {
    const opening = scriptedMarket('2024-06-04T13:29:58Z', [flat(90), flat(91), flat(92), flat(93)])
    const { trader, executions } = setUp([], { now: evening, market: opening })
    expect(trader.place(1)).toEqual(['order 1 PreSubmitted', 'status 1 PreSubmitted 0/100', 'error 1 399'])
    const told = await trader.after(86_400)
    expect(told.slice(0, 3)).toEqual(['order 1 Submitted', 'status 1 Submitted 0/100', 'fill 1 BOT 100'])
    expect(executions()[0]![0]).toBe((Date.parse('2024-06-04T13:30:00Z') - Date.parse(evening)) / 1_000)
  })

  test('a stop is held too, and a gap over the night is paid', async () => {
    const opening = scriptedMarket('2024-06-04T13:29:58Z', [flat(90), flat(91), flat(92), flat(93)])
    const { trader, executions, stage } = setUp([], { now: evening, market: opening })
    trader.place(1, { action: 'SELL', orderType: 'STP', auxPrice: 99, tif: 'GTC' })
    await stage.pass(86_400)
    expect(executions()).toEqual([[expect.any(Number), 'SLD', 100, quoted('2024-06-04T13:30:00Z', 92).bid]])
  })

  test('a limit order that may trade there trades', async () => {
    const wish = { orderType: 'LMT', lmtPrice: 101, outsideRth: true }
    expect(await tradesOf(wish, [flat(100)], { now: evening })).toEqual([
      [1, 'BOT', 100, quoted(secondsAfter(1, evening), 100).ask],
    ])
    expect(await tradesOf({ ...wish, outsideRth: false }, [flat(100)], { now: evening })).toEqual([])
  })

  test('a market order may not, and is told so (2109)', () => {
    const { trader } = setUp([], { now: evening })
    expect(trader.place(1, { outsideRth: true })).toEqual([
      'order 1 PreSubmitted',
      'status 1 PreSubmitted 0/100',
      'error 1 399',
      'error 1 2109',
    ])
  })

  test('a limit order for the day expires when its hours end, not regular ones', async () => {
    const { trader } = setUp([], { now: '2024-06-03T19:59:00Z' })
    trader.place(1, { orderType: 'LMT', lmtPrice: 50, outsideRth: true })
    expect(await trader.after(4 * 3_600)).toEqual([])
    expect((await trader.after(60)).at(-1)).toBe('error 1 202')
  })
})
