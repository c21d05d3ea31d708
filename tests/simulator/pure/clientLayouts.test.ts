import { expect, test } from 'vitest'
import { readContract } from '../../../src/simulator/contract.ts'
import { encode, FieldReader } from '../../../src/simulator/fields.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import { readHistoryRequest } from '../../../src/simulator/history/request.ts'
import { aboutOf, REQUESTS } from '../../../src/simulator/kinds.ts'
import { CLIENT_MESSAGES, type ClientMessage } from '../layouts/clientMessages.ts'
import { expected, named, namesAt, VERSIONS } from '../layouts/layout.ts'
import { encoded } from '../layouts/library.ts'
import { RawClient, terminal } from '../rawClient.ts'

const MESSAGES = Object.entries(CLIENT_MESSAGES)

/** One for all: its days are made once. */
const market = generatedMarket({ seed: 1 })

const namesOf = ({ layout }: ClientMessage, version: number) => ['id', ...namesAt(layout, version)]

test.each(MESSAGES)('%s has each value in its place, at each level', (_name, message) => {
  for (const version of VERSIONS) {
    const names = namesOf(message, version)
    expect([version, named(names, encoded(version, message.sent))]).toEqual([
      version,
      expected(names, message.values),
    ])
  }
})

test.each(MESSAGES)('%s is read by the server, at each level', async (_name, message) => {
  for (const version of VERSIONS) {
    const client = new RawClient(terminal({ market, switches: { pacing: 'off' } })).open(version)
    client.send(...encoded(version, message.sent))
    const answers = await client.answers()
    expect([version, answers.filter(([id, , , code]) => id === '4' && code === '320')]).toEqual([version, []])
    expect(client.hungUp).toBe(false)
    client.connection.closed()
  }
})

test.each(MESSAGES)('the server knows what %s is about, at each level', (name, message) => {
  const { reqId = null, symbol = null } = message.values
  const { action = null, orderType = null } = name === 'placeOrder' ? message.values : {}
  for (const version of VERSIONS)
    expect(aboutOf(REQUESTS, encoded(version, message.sent))).toEqual({
      name,
      requestId: reqId,
      symbol,
      action,
      orderType,
    })
})

test.each(MESSAGES.filter(([, { layout }]) => layout.includes('secType lastTradeDate')))(
  'the contract of %s is read field by field',
  (_name, message) => {
    const fields = encoded(193, message.sent)
    const reader = new FieldReader(encode(fields).subarray(4)).skip(fields.indexOf('756733'))
    expect(readContract(reader)).toMatchObject({
      ...{ conId: 756_733, symbol: 'SPY', secType: 'STK', exchange: 'SMART', primaryExchange: 'ARCA' },
      currency: 'USD',
    })
  },
)

test('a request for historical data is read field by field', () => {
  for (const version of VERSIONS) {
    const fields = encode(encoded(version, CLIENT_MESSAGES.historicalData!.sent)).subarray(4)
    expect(readHistoryRequest(new FieldReader(fields).skip(1))).toMatchObject({
      ...{ id: 31, endTime: '20240603-15:00:00', step: '1 secs', duration: '60 S', regularHours: true },
      ...{ whatToShow: 'BID', formatDate: 2, keepUpToDate: false, contract: { conId: 756_733 } },
    })
  }
})
