import { expect, test } from 'vitest'
import { epochMs, parseInstant } from '../../../src/market/time.ts'
import {
  type Account,
  type CompletedOrder,
  type Execution,
  emptyAccount,
} from '../../../src/simulator/account.ts'
import type { Switches } from '../../../src/simulator/switches.ts'
import { manualClock } from '../../support/manualClock.ts'
import { RawClient, terminal } from '../rawClient.ts'

const at = (text: string) => epochMs(parseInstant(`2024-06-03T${text}Z`))

const execution = (id: string, change: Partial<Execution>): Execution => ({
  ...{ id, time: at('14:00:00'), symbol: 'SPY', side: 'BOT', quantity: 100, price: 500, exchange: 'ARCA' },
  ...{ commission: 1, clientId: 7, orderId: 3, permId: 9, orderRef: 'entry', realizedPnl: null },
  ...change,
})

const order = (permId: number, change: Partial<CompletedOrder>): CompletedOrder => ({
  ...{ symbol: 'SPY', action: 'BUY', orderType: 'LMT', quantity: 100, filledQuantity: 100, permId },
  ...{ limitPrice: 500, stopPrice: 0, timeInForce: 'DAY', orderRef: '', clientId: 7, status: 'Filled' },
  ...{ completedAt: at('14:00:00'), reason: 'Filled Size: 100' },
  ...change,
})

const ACCOUNT: Account = {
  ...emptyAccount('DU1000001'),
  executions: [
    execution('a.01', {}),
    execution('b.01', { symbol: 'IBM', side: 'SLD', time: at('14:30:00'), realizedPnl: 12.5 }),
    execution('c.01', { clientId: 8 }),
    execution('d.01', { clientId: 0 }),
    execution('e.01', { time: epochMs(at('14:00:00') - 86_400_000) }),
  ],
  completedOrders: [
    order(1, {}),
    order(2, { clientId: null }),
    order(3, { completedAt: epochMs(at('14:00:00') - 86_400_000) }),
  ],
}

const setUp = (switches: Partial<Switches> = {}) => {
  const tws = terminal({ accounts: [ACCOUNT], switches })
  const as = (clientId: number) => {
    const client = new RawClient(tws).open(193, clientId)
    const ask = (...fields: (string | number)[]) => {
      client.send(...fields)
      return client.received()
    }
    return { client, ask }
  }
  return { tws, as }
}

const ALL = ['', '', '', '', '', '']
const idsOf = (messages: string[][]) => messages.filter(([id]) => id === '11').map((each) => each[14])

test('each execution comes with its commission, up to the end', () => {
  const messages = setUp()
    .as(7)
    .ask(7, 3, 5, 0, ...ALL)
  expect(messages.map(([id]) => id)).toEqual(['11', '59', '11', '59', '55'])
  expect(messages[0]?.slice(14, 20)).toEqual([
    'a.01',
    '20240603 10:00:00 US/Eastern',
    'DU1000001',
    'ARCA',
    'BOT',
    '100',
  ])
  expect(messages[1]).toEqual(['59', '1', 'a.01', '1', 'USD', '1.7976931348623157E308', '', ''])
  expect(messages[3]?.[5]).toBe('12.5')
})

for (const [who, clientId, seen] of [
  ['a client sees its own executions', 7, ['a.01', 'b.01']],
  ['client 0 sees what was done at the TWS itself', 0, ['d.01']],
  ['the master sees those of everyone', 9, ['a.01', 'b.01', 'c.01', 'd.01']],
] as const)
  test(`${who}, of today alone`, () =>
    expect(
      idsOf(
        setUp({ masterClientId: 9 })
          .as(clientId)
          .ask(7, 3, 5, 0, ...ALL),
      ),
    ).toEqual(seen))

for (const [title, filter, seen] of [
  ['its client', [8, '', '', '', '', '', ''], ['c.01']],
  ['its account', [0, 'DU9', '', '', '', '', ''], []],
  ['its symbol', [0, '', '', 'IBM', '', '', ''], ['b.01']],
  ['its time in UTC', [0, '', '20240603-14:15:00', '', '', '', ''], ['b.01']],
  ['its time in New York', [0, '', '20240603 10:15:00 US/Eastern', '', '', '', ''], ['b.01']],
  ['its kind', [0, '', '', '', 'FUT', '', ''], []],
  ['its exchange', [0, '', '', '', '', 'NYSE', ''], []],
  ['its side, in the words of orders', [0, '', '', '', '', '', 'SELL'], ['b.01']],
] as const)
  test(`an execution can be asked for by ${title}`, () =>
    expect(
      idsOf(
        setUp({ masterClientId: 9 })
          .as(9)
          .ask(7, 3, 5, ...filter),
      ),
    ).toEqual(seen))

test('a filter with a time that is none is refused', () =>
  expect(
    setUp()
      .as(7)
      .ask(7, 3, 5, 0, '', 'yesterday', '', '', '', '')
      .map((each) => each[3]),
  ).toEqual(['321']))

test('what is traded at the TWS itself is told to client 0 and the master as it happens', () => {
  const { tws, as } = setUp({ masterClientId: 9 })
  const [zero, other, master] = [as(0), as(7), as(9)]
  const { time: _, ...trade } = execution('', { clientId: 0 })
  tws.books.record('DU1000001', { ...trade, time: tws.now() })
  expect(
    [zero, other, master].map(({ client }) => client.received().map((each) => each.slice(0, 2))),
  ).toEqual([
    [
      ['11', '-1'],
      ['59', '1'],
    ],
    [],
    [
      ['11', '-1'],
      ['59', '1'],
    ],
  ])
})

for (const [title, apiOnly, permIds] of [
  ['all of today', 0, ['1', '2']],
  ['those of clients alone', 1, ['1']],
] as const)
  test(`completed orders are ${title}`, () => {
    const messages = setUp().as(7).ask(99, apiOnly)
    expect(messages.map((each) => each[23])).toEqual([...permIds, undefined])
    expect(messages.at(-1)).toEqual(['102'])
  })

test('a TWS may keep the completed orders of others to itself', () => {
  const { as } = setUp({ completedOfOthers: false })
  expect(
    [7, 8, 0].map((clientId) =>
      as(clientId)
        .ask(99, 0)
        .map((each) => each[23]),
    ),
  ).toEqual([['1', undefined], [undefined], ['2', undefined]])
})

test('what is dated later today is told once the market has come there', async () => {
  const clock = manualClock(at('15:00:00'))
  const later: Account = {
    ...emptyAccount('DU1000001'),
    executions: [execution('a.01', {}), execution('b.01', { time: at('15:10:00') })],
    completedOrders: [order(1, {}), order(2, { completedAt: at('15:10:00') })],
  }
  const client = new RawClient(terminal({ clock, machine: clock, accounts: [later] })).open(193, 7)
  const told = () => {
    client.send(7, 3, 5, 0, ...ALL)
    client.send(99, 0)
    const messages = client.received()
    return [idsOf(messages), messages.filter(([id]) => id === '101').map((each) => each[23])]
  }
  await clock.advance(599_999)
  expect(told()).toEqual([['a.01'], ['1']])
  await clock.advance(1)
  expect(told()).toEqual([
    ['a.01', 'b.01'],
    ['1', '2'],
  ])
})

test('ids of orders that were executed are not given again', () => {
  const { as } = setUp()
  expect([7, 8, 1].map((clientId) => as(clientId).ask(8, 1, 1))).toEqual([
    [['9', '1', '4']],
    [['9', '1', '4']],
    [['9', '1', '1']],
  ])
})
