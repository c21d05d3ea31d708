import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, parseInstant } from '../../../src/market/time.ts'
import { keepCalendar } from '../../../src/simulator/calendar.ts'
import type { Message } from '../../../src/simulator/fields.ts'
import { manualClock } from '../../support/manualClock.ts'
import { historyRequest, RawClient, stock, terminal } from '../rawClient.ts'

const ask = (client: RawClient, ...fields: Message): string[][] => {
  client.send(...fields)
  return client.received()
}

const errorsOf = (messages: string[][]) =>
  messages.filter(([id]) => id === '4').map((each) => [each[2], each[3]])

test('a thirty-third client is turned away, and let in once another has gone', () => {
  const tws = terminal()
  const clients = Array.from({ length: 32 }, (_, id) => new RawClient(tws).open(193, id))
  expect(new RawClient(tws).open(193, 32).hungUp).toBe(true)
  clients[5]!.connection.closed()
  expect(new RawClient(tws).open(193, 32).hungUp).toBe(false)
})

test('a TWS may leave a client open whose id is in use', () => {
  const tws = terminal({ switches: { idInUseCloses: false } })
  new RawClient(tws).open(193, 5)
  const second = new RawClient(tws)
  second.sendBytes(RawClient.greeting('v100..193'))
  second.send(71, 2, 5, '')
  expect(errorsOf(second.received().slice(1))).toEqual([['-1', '326']])
  expect([second.hungUp, tws.clients.size]).toEqual([false, 1])
})

test('the first full second may be the last', () => {
  const client = new RawClient(terminal({ switches: { messageRate: 'strict', rateWarnings: 1 } })).open(193)
  for (let i = 0; i < 60; i++) client.send(49, 1)
  expect(client.hungUp).toBe(true)
})

test('client 0 alone may bind the orders made at the TWS itself', () => {
  const tws = terminal()
  const answers = [0, 1].map((id) => errorsOf(ask(new RawClient(tws).open(193, id), 15, 1, 1)))
  expect(answers).toEqual([[], [['-1', '321']]])
})

const ORDERS: [title: string, request: Message, id: string][] = [
  ['an order', [3, 42, ...stock('SPY')], '42'],
  ['a cancel', [4, 43, '', '', 2147483647], '43'],
  ['a global cancel', [58, '', 2147483647], '2147483647'],
  ['open orders', [5, 1], '2147483647'],
  ['all open orders', [16, 1], '2147483647'],
  ['the binding of orders', [15, 1, 1], '2147483647'],
  ['completed orders', [99, 0], '2147483647'],
]

for (const [title, request, id] of ORDERS)
  test(`a read-only TWS refuses ${title} with 321`, () => {
    const client = new RawClient(terminal({ switches: { readOnly: true } })).open(193)
    expect(errorsOf(ask(client, ...request))).toEqual([[id, '321']])
  })

test('a read-only TWS tells positions, executions and data', async () => {
  const client = new RawClient(terminal({ switches: { readOnly: true } })).open(193)
  expect(ask(client, 61, 1)).toEqual([['62', '1']])
  expect(ask(client, 7, 3, 5, 0, '', '', '', '', '', '')).toEqual([['55', '1', '5']])
  client.send(...historyRequest({ id: 8 }))
  expect((await client.answers())[0]?.[0]).toBe('17')
})

const LIVE: [title: string, request: Message][] = [
  ['market data', [1, 11, 5, ...stock('SPY'), false, '', false, false, '']],
  ['real-time bars', [50, 3, 5, ...stock('SPY'), 5, 'TRADES', true, '']],
  ['ticks', [97, 5, ...stock('SPY'), 'Last', 0, false]],
]

for (const [title, request] of LIVE)
  test(`there are no ${title} while another session competes`, () => {
    const client = new RawClient(terminal({ switches: { competingSession: true } })).open(193)
    expect(errorsOf(ask(client, ...request))).toEqual([['5', '10197']])
  })

for (const [title, request] of LIVE)
  test(`${title} that run end when another session takes them`, () => {
    const tws = terminal()
    const client = new RawClient(tws).open(193)
    ask(client, ...request)
    tws.turn({ competingSession: true })
    expect(errorsOf(client.received())).toEqual([['5', '10197']])
    expect(client.connection.subscriptions.counts()).toEqual({})
  })

test('history belongs to the other session as well', () => {
  const client = new RawClient(terminal({ switches: { competingSession: true } })).open(193)
  const [answer] = ask(client, ...historyRequest({ id: 7 }))
  expect(answer?.slice(2, 4)).toEqual(['7', '162'])
  expect(answer?.[4]).toContain('different IP address')
})

const EVENING = '2024-06-04T03:44:00Z' // 23:44 in New York

const night = (now: string, calendar: Parameters<typeof keepCalendar>[1]) => {
  const clock = manualClock(parseInstant(now))
  const tws = terminal({ clock, machine: clock })
  keepCalendar(tws, calendar)
  return { clock, tws, client: new RawClient(tws).open(193, 7) }
}

test('at 23:45 the link is lost for a minute, at 23:50 TWS restarts and gives higher order ids', async () => {
  const { clock, tws, client } = night(EVENING, { nightlyRestart: true, weeklyLogout: false })
  await clock.advance(59_000)
  expect(client.received()).toEqual([])
  await clock.advance(1_000)
  expect(errorsOf(client.received()).map(([, code]) => code)).toEqual(['1100', '2103', '2105', '2157'])
  await clock.advance(MINUTE_MS)
  expect(errorsOf(client.received()).map(([, code]) => code)).toEqual(
    expect.arrayContaining(['1100', '1102', '2104', '2106', '2158']),
  )
  await clock.advance(4 * MINUTE_MS)
  expect([client.hungUp, tws.door.isOpen, tws.clients.size]).toEqual([true, false, 0])
  await clock.advance(90_000)
  expect(tws.door.isOpen).toBe(true)
  expect(ask(new RawClient(tws).open(193, 7), 8, 1, 1)).toEqual([['9', '1', '101']])
  await clock.advance(2 * MINUTE_MS)
  expect(tws.faults.areNone).toBe(true)
})

test('the restart comes again the next night', async () => {
  const { clock, tws } = night(EVENING, { nightlyRestart: true, weeklyLogout: false })
  for (const expected of [101, 201]) {
    await clock.advance(8 * MINUTE_MS)
    expect(tws.orderIds.next(7)).toBe(expected)
    await clock.advance(24 * HOUR_MS - 8 * MINUTE_MS)
  }
})

test('a night that the clock jumps over is not made up for', async () => {
  const machine = manualClock(parseInstant(EVENING))
  const clock = { ...machine, sleepUntil: () => machine.sleep(12 * HOUR_MS) }
  const tws = terminal({ clock, machine })
  keepCalendar(tws, { nightlyRestart: true, weeklyLogout: false })
  const client = new RawClient(tws).open(193, 7)
  await machine.advance(12 * HOUR_MS)
  expect([client.received(), client.hungUp]).toEqual([[], false])
})

test('from Sunday 01:00 on nobody is let in until a person logs in at 08:00', async () => {
  const { clock, tws, client } = night('2024-06-09T04:59:00Z', { nightlyRestart: false, weeklyLogout: true })
  await clock.advance(MINUTE_MS)
  expect(client.hungUp).toBe(true)
  expect(new RawClient(tws).open(193, 7).hungUp).toBe(true)
  await clock.advance(7 * HOUR_MS)
  expect(new RawClient(tws).open(193, 7).hungUp).toBe(false)
})
