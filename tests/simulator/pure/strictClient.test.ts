import { describe, expect, test } from 'vitest'
import { epochMs } from '../../../src/market/time.ts'
import type { Account } from '../../../src/simulator/account.ts'
import { fieldsOf } from '../../../src/simulator/faults/line.ts'
import { encode, type Message } from '../../../src/simulator/fields.ts'
import { SERVER_MESSAGES } from '../layouts/serverMessages.ts'
import { historyRequest, RawClient, stock } from '../rawClient.ts'
import { Stage } from '../stage.ts'
import { unpack } from '../strictClient.ts'

/** The level on which strict clients and this server agree. */
const LEVEL = 178
const OFFER = 'v157..178'

const TODAY = epochMs(Date.parse('2024-06-03T14:00:00Z'))

const RICH: Account = {
  ...{ id: 'DU1234567', cash: 100_000 },
  positions: [{ symbol: 'SPY', quantity: 100, averageCost: 380.25 }],
  executions: [
    {
      ...{ id: '0000e0d5.01', time: TODAY, symbol: 'SPY', side: 'BOT', quantity: 100, price: 380.24 },
      ...{
        exchange: 'ARCA',
        commission: 1,
        clientId: 0,
        orderId: 5,
        permId: 77,
        orderRef: '',
        realizedPnl: null,
      },
    },
  ],
  completedOrders: [
    {
      ...{
        symbol: 'SPY',
        action: 'BUY',
        orderType: 'LMT',
        quantity: 100,
        filledQuantity: 100,
        limitPrice: 380.25,
      },
      ...{ stopPrice: 0, timeInForce: 'DAY', orderRef: '', permId: 77, clientId: null, status: 'Filled' },
      ...{ completedAt: TODAY, reason: 'Filled Size: 100' },
    },
  ],
}

describe('each message has exactly the fields that a strict client unpacks', () => {
  test.each(Object.entries(SERVER_MESSAGES))('%s', (_name, { made }) => {
    const fields = fieldsOf(encode(made(LEVEL)))
    expect(() => unpack(fields)).not.toThrow()
    expect(() => unpack([...fields, ''])).toThrow('too many')
    if (fields.length > 1) expect(() => unpack(fields.slice(0, -1))).toThrow()
  })
})

/** What strict clients ask for while they connect, and the message that they wait for. */
const SYNC: readonly [request: Message, end: string][] = [
  [[61, 1], '62'],
  [[5, 1], '53'],
  [[99, 0], '102'],
  [[6, 2, 1, 'DU1234567'], '54'],
  [[76, 1, 11, 'DU1234567', '', 0], '74'],
  [[7, 3, 12, 0, '', '', '', '', '', ''], '55'],
]

async function connected(stage: Stage): Promise<RawClient> {
  const client = new RawClient(stage.tws)
  client.sendBytes(RawClient.greeting(OFFER))
  expect(client.received()).toEqual([['178', '20240603 11:00:00 US/Eastern']])
  client.send(71, 2, 1, '')
  const told = client.received()
  for (const message of told) unpack(message)
  expect(told.slice(0, 2).map(([id]) => id)).toEqual(['15', '9'])
  return client
}

test('a strict client finishes its connect: both halves of the greeting, and an end for each request', async () => {
  const stage = new Stage({ accounts: [RICH] })
  const client = await connected(stage)
  for (const [request, end] of SYNC) {
    const answers = await stage.ask(client, ...request)
    for (const answer of answers) unpack(answer)
    expect([request[0], answers.at(-1)?.[0]]).toEqual([request[0], end])
  }
})

/** A stock as strict clients name it: with numbers where @stoqey/ib leaves fields empty. */
const SPY = stock('SPY')

/** What they may ask for, and the messages that must come of it within a minute of market time. */
const USES: readonly [name: string, requests: readonly Message[], answers: readonly string[]][] = [
  ['a contract', [[9, 8, 21, ...SPY, 0, '', '', '']], ['10', '52']],
  [
    'bars in both formats',
    [historyRequest({ id: 22, format: 1 }), historyRequest({ id: 23, duration: '90 S' })],
    ['17'],
  ],
  [
    'bars kept up to date',
    [historyRequest({ id: 24, step: '5 secs', duration: '120 S', keepUpToDate: true })],
    ['17', '90'],
  ],
  ['a schedule', [historyRequest({ id: 25, what: 'SCHEDULE', step: '1 day', duration: '5 D' })], ['106']],
  [
    'the first time, which they cancel once they know it',
    [
      [87, 26, ...SPY, 0, 1, 'TRADES', 1],
      [90, 26],
    ],
    ['88'],
  ],
  ['real-time bars', [[50, 3, 27, ...SPY, 5, 'TRADES', 1, '']], ['50']],
  ['ticks', [[1, 11, 28, ...SPY, 0, '', 0, 0, '']], ['1', '2', '45', '46', '58', '81']],
  ['a snapshot', [[1, 11, 29, ...SPY, 0, '', 1, 0, '']], ['57']],
  ['trades one by one', [[97, 30, ...SPY, 'AllLast', 0, 0]], ['99']],
  ['quotes one by one', [[97, 31, ...SPY, 'BidAsk', 0, 0]], ['99']],
  ['midpoints one by one', [[97, 32, ...SPY, 'MidPoint', 0, 0]], ['99']],
  ['ticks of the past', [[96, 33, ...SPY, 0, '', '20240603-14:59:00', 10, 'TRADES', 1, 0, '']], ['98']],
  ['a summary', [[62, 1, 34, 'All', 'NetLiquidation,TotalCashValue']], ['63', '64']],
  [
    'profit and loss',
    [
      [92, 35, 'DU1234567', ''],
      [94, 36, 'DU1234567', '', 756733],
    ],
    ['94', '95'],
  ],
  ['positions', [[74, 1, 37, 'DU1234567', '']], ['71', '72']],
  ['a symbol', [[81, 38, 'SPY']], ['79']],
  ['a market rule', [[91, 26]], ['93']],
  ['the time', [[49, 1]], ['49']],
  ['a bad request', [historyRequest({ id: 39, step: '7 secs' })], ['4']],
]

test.each(USES)('a strict client is served %s', async (_name, requests, answers) => {
  const stage = new Stage({ accounts: [RICH] })
  const client = await connected(stage)
  for (const request of requests) client.send(...request)
  await stage.pass(60)
  const told = client.received()
  for (const message of told) unpack(message)
  expect([...new Set(told.map(([id]) => id!))]).toEqual(expect.arrayContaining([...answers]))
  expect(client.hungUp).toBe(false)
  client.connection.closed()
})
