import { describe, expect, test } from 'vitest'
import { encode, type Message } from '../../../src/simulator/fields.ts'
import { handClock, historyRequest, RawClient, stock, terminal } from '../rawClient.ts'

/** The messages on which strict clients wait while they connect, each with the id of the answer that ends it. */
const SYNC: [request: Message, end: string[]][] = [
  [
    [61, 1],
    ['62', '1'],
  ],
  [
    [5, 1],
    ['53', '1'],
  ],
  [
    [16, 1],
    ['53', '1'],
  ],
  [[99, 0], ['102']],
  [
    [6, 2, 1, ''],
    ['54', '1', 'DU1234567'],
  ],
  [
    [76, 1, 11, '', '', 0],
    ['74', '1', '11'],
  ],
  [
    [7, 3, 12, 0, '', '', '', '', '', ''],
    ['55', '1', '12'],
  ],
  [
    [62, 1, 13, 'All', 'AccountType,NetLiquidation'],
    ['64', '1', '13'],
  ],
  [
    [74, 1, 14, '', ''],
    ['72', '1', '14'],
  ],
  [
    [8, 1, 1],
    ['9', '1', '1'],
  ],
  [
    [17, 1],
    ['15', '1', 'DU1234567'],
  ],
  [
    [49, 1],
    ['49', '1', '1717426800'],
  ],
]

const ask = (version: number, ...fields: Message): string[][] => {
  const client = new RawClient(terminal()).open(version)
  client.send(...fields)
  return client.received()
}

test('a client that starts is told its account, its next order id and the state of the farms', () => {
  const client = new RawClient(terminal())
  client.sendBytes(RawClient.greeting('v100..193'))
  client.send(71, 2, 5, '')
  const [hello, ...rest] = client.received()
  expect(hello).toHaveLength(2)
  expect(rest.map((fields) => fields.slice(0, 4))).toEqual([
    ['15', '1', 'DU1234567'],
    ['9', '1', '1'],
    ['4', '2', '-1', '2104'],
    ['4', '2', '-1', '2106'],
    ['4', '2', '-1', '2158'],
  ])
})

for (const version of [176, 178, 193])
  describe(`at level ${version}`, () => {
    for (const [request, end] of SYNC)
      test(`message ${request[0]} is answered to its end`, () =>
        expect(ask(version, ...request).at(-1)).toEqual(end))
  })

test('the summary of the empty account gives the tags asked for', () => {
  const summary = ask(178, 62, 1, 13, 'All', 'AccountType,NetLiquidation,Nonsense')
  expect(summary).toEqual([
    ['63', '1', '13', 'DU1234567', 'AccountType', 'INDIVIDUAL', ''],
    ['63', '1', '13', 'DU1234567', 'NetLiquidation', '1000000.00', 'USD'],
    ['64', '1', '13'],
  ])
})

test('before startApi nothing is answered', () => {
  const client = new RawClient(terminal())
  client.sendBytes(RawClient.greeting('v100..193'))
  client.received()
  client.send(49, 1)
  expect(client.received()).toEqual([])
})

test('a client id in use is refused with 326, and free again once its owner has gone', () => {
  const tws = terminal()
  const owner = new RawClient(tws).open(193, 5)
  const second = new RawClient(tws)
  second.sendBytes(RawClient.greeting('v100..193'))
  second.send(71, 2, 5, '')
  expect(second.received().at(-1)?.slice(0, 4)).toEqual(['4', '2', '-1', '326'])
  expect(second.hungUp).toBe(true)
  owner.connection.closed()
  expect(new RawClient(tws).open(193, 5).hungUp).toBe(false)
})

test('a client that is turned away does not take the id from its owner', () => {
  const tws = terminal()
  new RawClient(tws).open(193, 5)
  new RawClient(tws).open(193, 5).connection.closed()
  expect(new RawClient(tws).open(193, 5).hungUp).toBe(true)
})

for (const [version, fields] of [
  [178, [4, 1, 42, '']],
  [192, [4, 42, '', '', 2147483647]],
] as const)
  test(`at level ${version} the order to cancel is read from its place`, () =>
    expect(ask(version, ...fields)[0]?.slice(0, 4)).toEqual(['4', '2', '42', '10147']))

test('an unknown message is refused and the connection goes on', () => {
  const client = new RawClient(terminal()).open(193)
  client.send(999, 1)
  client.send(49, 1)
  expect(client.received().map(([id]) => id)).toEqual(['4', '49'])
})

for (const [title, fields] of [
  ['a field that is no number', [9, 8, 'x', ...stock('SPY'), 0, '', '', '']],
  ['a missing field', [20, 7, 0, 'SPY']],
  ['a message id that is no number', ['hello']],
] as const)
  test(`${title} ends the connection with 320`, () => {
    const client = new RawClient(terminal()).open(193)
    client.send(...fields)
    expect(client.received()[0]?.slice(0, 4)).toEqual(['4', '2', '-1', '320'])
    expect(client.hungUp).toBe(true)
  })

test('fields after the last one are read over', () =>
  expect(ask(193, 49, 1, 'more', 'of', 'it')).toHaveLength(1))

test('a contract of 178 has 40 fields, one of 193 two more', () => {
  const details = (version: number) => ask(version, 9, 8, 3, ...stock('SPY'), 0, '', '', '')
  expect([176, 178, 181, 182, 185, 186, 193].map((version) => details(version)[0]?.length)).toEqual([
    40, 40, 40, 41, 41, 42, 42,
  ])
  expect(details(193).at(-1)).toEqual(['52', '1', '3'])
})

test('the hours of a contract are those of the days to come', () => {
  const fields = ask(178, 9, 8, 3, ...stock('SPY'), 0, '', '', '')[0]
  expect(fields?.[27]).toBe(
    '20240603:0930-20240603:1600;20240604:0930-20240604:1600;20240605:0930-20240605:1600;' +
      '20240606:0930-20240606:1600;20240607:0930-20240607:1600;20240608:CLOSED',
  )
})

for (const [title, contract] of [
  ['an unknown symbol', stock('NO.SUCH')],
  ['an option', [0, 'SPY', 'OPT', '', '', '', '', 'SMART', '', 'USD', '', '']],
  ['a foreign currency', [0, 'SPY', 'STK', '', '', '', '', 'SMART', '', 'EUR', '', '']],
  ['an exchange that is none', [0, 'SPY', 'STK', '', '', '', '', 'MOON', '', 'USD', '', '']],
  [
    'a number that belongs to another symbol',
    [8314, 'SPY', 'STK', '', '', '', '', 'SMART', '', 'USD', '', ''],
  ],
] as const)
  test(`${title} has no definition`, () =>
    expect(ask(193, 9, 8, 3, ...contract, 0, '', '', '')[0]?.slice(0, 4)).toEqual(['4', '2', '3', '200']))

test('a contract is told with the exchange that was asked for, SMART where none was', () => {
  const described = (exchange: string) => {
    const contract = ['', 'SPY', 'STK', '', '', '', '', exchange, '', 'USD', '', '']
    return ask(193, 9, 8, 3, ...contract, 0, '', '', '')[0]?.[8]
  }
  expect(['ARCA', 'SMART', ''].map(described)).toEqual(['ARCA', 'SMART', 'SMART'])
})

test('a contract is found again by its number', () => {
  const numbered = (conId: string): Message => [conId, '', '', '', '', '', '', '', '', '', '', '']
  for (const symbol of ['SPY', 'A', 'ZZZZZ', 'AZ']) {
    const conId = ask(193, 9, 8, 3, ...stock(symbol), 0, '', '', '')[0]?.[13] ?? ''
    expect(ask(193, 9, 8, 3, ...numbered(conId), 0, '', '', '')[0]?.[2]).toBe(symbol)
  }
})

const askHead = (what: string, regularHours: boolean, format: number) =>
  ask(193, 87, 3, ...stock('SPY'), 0, regularHours, what, format)[0]

test('head timestamps come in both formats', () =>
  expect([askHead('TRADES', true, 1), askHead('TRADES', true, 2)]).toEqual([
    ['88', '3', '19980102-14:30:00'],
    ['88', '3', '883751400'],
  ]))

test('in all hours data begin with the first trade before the open', () => {
  const heads = ['TRADES', 'BID', 'ASK', 'MIDPOINT', 'BID_ASK'].map((what) => askHead(what, false, 2)![2])
  expect(new Set(heads).size).toBe(1)
  expect(Number(heads[0])).toBeGreaterThanOrEqual(883731600)
  expect(Number(heads[0])).toBeLessThan(883751400)
})

test('in regular hours quotes stand from the open on', () =>
  expect(askHead('BID_ASK', true, 1)).toEqual(['88', '3', '19980102-14:30:00']))

for (const what of ['SCHEDULE', 'OPTION_IMPLIED_VOLATILITY', ''])
  test(`there is no head of ${what || 'nothing'}`, () =>
    expect(askHead(what, true, 1)?.slice(2, 4)).toEqual(['3', '162']))

test('a market rule is the one-cent grid, or not known', () => {
  expect(ask(193, 91, 26)).toEqual([['93', '26', '1', '0.0', '0.01']])
  expect(ask(193, 91, 27)[0]?.slice(2, 4)).toEqual(['-1', '321'])
})

test('the fifty-first message within a second is warned of, the third such second ends the connection', () => {
  const machine = handClock('2024-06-03T15:00:00Z')
  const tws = terminal({ machine, switches: { messageRate: 'strict' } })
  const client = new RawClient(tws).open(193)
  const flood = () => {
    for (let i = 0; i < 60; i++) client.sendBytes(encode([49, 1]))
    return client.received().filter(([id]) => id === '4')
  }
  expect(flood().map((fields) => fields[3])).toEqual(['100'])
  machine.set('2024-06-03T15:00:01Z')
  expect(flood()).toHaveLength(1)
  machine.set('2024-06-03T15:00:02Z')
  expect([flood().length, client.hungUp, tws.violations.counts.messages]).toEqual([1, true, 3])
})

test('a cancelled query is confirmed and never answered', async () => {
  const client = new RawClient(terminal({ switches: { historyDelayMs: 5 } })).open(193)
  client.send(...historyRequest({ id: 7 }))
  client.send(25, 1, 7)
  expect(client.received()[0]).toEqual([
    ...['4', '2', '7', '162'],
    'Historical Market Data Service error message:API historical data query cancelled: 7',
    '',
  ])
  client.send(25, 1, 7)
  expect((await client.answers())[0]?.[3]).toBe('366')
})
