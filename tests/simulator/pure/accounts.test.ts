import { expect, test } from 'vitest'
import { parseInstant } from '../../../src/market/time.ts'
import { type Account, emptyAccount } from '../../../src/simulator/account.ts'
import { listingOf } from '../../../src/simulator/listings.ts'
import type { Tws } from '../../../src/simulator/tws.ts'
import { type ManualClock, manualClock } from '../../support/manualClock.ts'
import { RawClient, terminal } from '../rawClient.ts'

const START = '2024-06-03T15:00:00Z'
const SPY = listingOf('SPY')!.conId

const HOLDER: Account = {
  ...emptyAccount('DU1000001'),
  cash: 50_000,
  positions: [
    { symbol: 'SPY', quantity: 100, averageCost: 400 },
    { symbol: 'IBM', quantity: -50, averageCost: 150 },
  ],
}

interface Setting {
  readonly tws: Tws
  readonly clock: ManualClock
  readonly client: RawClient
  readonly ask: (...fields: (string | number)[]) => string[][]
}

const setUp = (accounts: readonly Account[] = [HOLDER, emptyAccount('DU1000002')]): Setting => {
  const clock = manualClock(parseInstant(START))
  const tws = terminal({ clock, machine: clock, accounts })
  const client = new RawClient(tws).open(193)
  const ask = (...fields: (string | number)[]) => {
    client.send(...fields)
    return client.received()
  }
  return { tws, clock, client, ask }
}

const buy = (tws: Tws, symbol = 'SPY', quantity = 10) =>
  tws.books.record('DU1000001', {
    ...{ time: tws.now(), symbol, side: 'BOT', quantity, price: 500, exchange: 'ARCA', commission: 1 },
    ...{ clientId: 7, orderId: 3, permId: 9, orderRef: 'entry' },
  })

const kinds = (messages: string[][]) => [...new Set(messages.map(([id]) => id))]
const amountOf = (messages: string[][], key: string) => Number(messages.find((each) => each[2] === key)?.[3])

test('every account is told by its name', () =>
  expect(setUp().ask(17, 1)).toEqual([['15', '1', 'DU1000001,DU1000002']]))

test('account updates are values, the portfolio and the time, to their end', () => {
  const messages = setUp().ask(6, 2, 1, 'DU1000001')
  expect(kinds(messages)).toEqual(['6', '7', '8', '54'])
  expect(messages.at(-2)).toEqual(['8', '1', '11:00'])
  expect(messages.filter(([id]) => id === '7').map((each) => [each[3], each[13]])).toEqual([
    ['SPY', '100'],
    ['IBM', '-50'],
  ])
})

test('the values of an account agree with its portfolio', () => {
  const messages = setUp().ask(6, 2, 1, 'DU1000001')
  const held = messages.filter(([id]) => id === '7').map((each) => each.slice(13, 19).map(Number))
  const stocks = held.reduce((total, [, , value]) => total + value!, 0)
  expect(amountOf(messages, 'StockMarketValue')).toBeCloseTo(stocks, 2)
  expect(amountOf(messages, 'NetLiquidation')).toBeCloseTo(50_000 + stocks, 2)
  for (const [quantity, price, value, cost, unrealized] of held) {
    expect(value).toBeCloseTo(quantity! * price!, 4)
    expect(unrealized).toBeCloseTo(quantity! * (price! - cost!), 4)
  }
})

test('updates come after three minutes, and say only what has changed', async () => {
  const { clock, client, ask } = setUp()
  ask(6, 2, 1, 'DU1000001')
  await clock.advance(179_999)
  expect(client.received()).toEqual([])
  await clock.advance(1)
  const messages = client.received()
  expect(messages.at(-1)).toEqual(['8', '1', '11:03'])
  expect(messages.some((each) => each[2] === 'NetLiquidation')).toBe(true)
  expect(messages.some((each) => each[2] === 'AccountType' || each[2] === 'CashBalance')).toBe(false)
})

test('a trade is told at once to whoever follows the account', () => {
  const { tws, client, ask } = setUp()
  ask(6, 2, 1, 'DU1000001')
  buy(tws)
  const messages = client.received()
  expect(messages.find((each) => each[0] === '7' && each[3] === 'SPY')?.[13]).toBe('110')
  expect(amountOf(messages, 'CashBalance')).toBe(50_000 - 5_000 - 1)
})

test('a second request for updates takes the place of the first, which is told', async () => {
  const { clock, client, ask } = setUp()
  ask(6, 2, 1, 'DU1000001')
  const messages = ask(6, 2, 1, 'DU1000002')
  expect(messages[0]?.slice(0, 4)).toEqual(['4', '2', '-1', '2100'])
  expect(messages.at(-1)).toEqual(['54', '1', 'DU1000002'])
  await clock.advance(180_000)
  expect(client.received()).toEqual([['8', '1', '11:03']])
})

test('a trade of another account is not told', () => {
  const { tws, client, ask } = setUp()
  ask(6, 2, 1, 'DU1000002')
  buy(tws)
  expect(client.received()).toEqual([])
})

test('cancelled updates come no more', async () => {
  const { clock, client, ask } = setUp()
  ask(6, 2, 1, '')
  expect(ask(6, 2, 0, '')).toEqual([])
  await clock.advance(600_000)
  expect(client.received()).toEqual([])
})

for (const [title, request] of [
  ['account updates', [6, 2, 1, 'DU9']],
  ['updates by model', [76, 2, 5, 'DU9', '', 0]],
  ['positions by model', [74, 1, 5, 'DU9', '']],
  ['profit and loss', [92, 5, 'DU9', '']],
  ['profit and loss of a position', [94, 5, 'DU9', '', SPY]],
] as const)
  test(`${title} of an account that is none are refused`, () => {
    const [answer, ...more] = setUp().ask(...request)
    expect([answer?.[3], more]).toEqual(['321', []])
  })

test('a summary of all accounts gives each tag of each of them', () => {
  const rows = setUp().ask(62, 1, 5, 'All', 'NetLiquidation,TotalCashValue')
  expect(new Set(rows.map((each) => each.slice(3, 5).join(' ')))).toEqual(
    new Set(
      ['DU1000001', 'DU1000002'].flatMap((id) => [`${id} NetLiquidation`, `${id} TotalCashValue`]).concat(''),
    ),
  )
  expect(rows.at(-1)).toEqual(['64', '1', '5'])
})

for (const [tags, currencies] of [
  ['$LEDGER', ['BASE']],
  ['$LEDGER:USD', ['USD']],
  ['$LEDGER:ALL', ['BASE', 'USD']],
  ['$LEDGER:EUR', []],
] as const)
  test(`the tag ${tags} gives the books in ${currencies.join(' and ') || 'no currency'}`, () => {
    const rows = setUp().ask(62, 1, 5, 'DU1000001', tags).slice(0, -1)
    expect([...new Set(rows.map((each) => each[6]))]).toEqual(currencies)
  })

test('a third summary is refused until one is cancelled', () => {
  const { ask } = setUp()
  ask(62, 1, 5, 'All', 'NetLiquidation')
  ask(62, 1, 6, 'All', 'NetLiquidation')
  expect(ask(62, 1, 7, 'All', 'NetLiquidation').map((each) => each[3])).toEqual(['322'])
  ask(63, 1, 5)
  expect(ask(62, 1, 7, 'All', 'NetLiquidation').at(-1)).toEqual(['64', '1', '7'])
})

test('positions are those of every account, then each change, and the end of one as 0', () => {
  const { tws, client, ask } = setUp()
  const all = ask(61, 1)
  expect(all.map((each) => [each[0], each[2], each[4], each[14]])).toEqual([
    ['61', 'DU1000001', 'SPY', '100'],
    ['61', 'DU1000001', 'IBM', '-50'],
    ['62', undefined, undefined, undefined],
  ])
  buy(tws, 'IBM', 50)
  expect(client.received().map((each) => [each[4], each[14]])).toEqual([['IBM', '0']])
  expect(ask(61, 1).map((each) => each[4])).toEqual(['SPY', undefined])
  ask(64, 1)
  buy(tws)
  expect(client.received()).toEqual([])
})

test('positions by model are those of one account', () => {
  const { ask } = setUp()
  expect(ask(74, 1, 5, 'DU1000002', '')).toEqual([['72', '1', '5']])
  expect(ask(74, 1, 6, 'DU1000001', '').map((each) => each[5])).toEqual(['SPY', 'IBM', undefined])
})

test('profit and loss comes once a second, and is that of the positions together', async () => {
  const { clock, client, ask } = setUp()
  const [first] = ask(92, 5, 'DU1000001', '')
  const single = (conId: number) => ask(94, 6, 'DU1000001', '', conId)[0]!.map(Number)
  const [spy, ibm] = [single(SPY), single(listingOf('IBM')!.conId)]
  expect(Number(first![2])).toBeCloseTo(spy[3]! + ibm[3]!, 4)
  expect(Number(first![3])).toBeCloseTo(spy[4]! + ibm[4]!, 4)
  ask(95, 6)
  await clock.advance(10_000)
  expect(client.received()).toHaveLength(10)
  ask(93, 5)
  await clock.advance(10_000)
  expect(client.received()).toEqual([])
})

test('the profit of a day counts from the last close, and trades from their price', () => {
  const { tws, ask } = setUp([emptyAccount('DU1000001')])
  buy(tws)
  const [, , quantity, daily, unrealized, realized, value] = ask(94, 5, 'DU1000001', '', SPY)[0]!.map(Number)
  expect([quantity, realized]).toEqual([10, 0])
  expect(daily).toBeCloseTo(value! - 5_001, 4)
  expect(unrealized).toBeCloseTo(value! - 5_001, 4)
})
