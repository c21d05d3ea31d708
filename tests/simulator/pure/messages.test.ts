import { expect, test } from 'vitest'
import type { Message } from '../../../src/simulator/fields.ts'
import { listingOf } from '../../../src/simulator/listings.ts'
import * as messages from '../../../src/simulator/messages.ts'

const VALUE = { key: 'NetLiquidation', value: '1.00', currency: 'USD' }
const SPY = listingOf('SPY')!
const HOURS = { trading: 'trading', liquid: 'liquid' }

/** Each message with its id and the number of its fields, as the protocol has them. */
const counts: [title: string, message: Message, id: number, fields: number][] = [
  ['error', messages.error(1, 200, 'text'), 4, 6],
  ['accountValue', messages.accountValue(VALUE, 'DU1'), 6, 6],
  ['accountUpdateTime', messages.accountUpdateTime('09:30'), 8, 3],
  ['nextValidId', messages.nextValidId(1), 9, 3],
  ['contractData at 181', messages.contractData(1, 181, SPY, HOURS), 10, 40],
  ['contractData at 182', messages.contractData(1, 182, SPY, HOURS), 10, 41],
  ['contractData at 186', messages.contractData(1, 186, SPY, HOURS), 10, 42],
  ['managedAccounts', messages.managedAccounts(['DU1', 'DU2']), 15, 3],
  ['historicalData of one bar', messages.historicalData(1, 'a', 'b', 1, 'd o h l c v w n'), 17, 6],
  ['currentTime', messages.currentTime('1'), 49, 3],
  ['contractDataEnd', messages.contractDataEnd(1), 52, 3],
  ['openOrderEnd', messages.openOrderEnd(), 53, 2],
  ['accountDownloadEnd', messages.accountDownloadEnd('DU1'), 54, 3],
  ['executionsEnd', messages.executionsEnd(1), 55, 3],
  ['positionEnd', messages.positionEnd(), 62, 2],
  ['accountSummary', messages.accountSummary(1, 'DU1', VALUE), 63, 7],
  ['accountSummaryEnd', messages.accountSummaryEnd(1), 64, 3],
  ['positionMultiEnd', messages.positionMultiEnd(1), 72, 3],
  ['accountUpdateMulti', messages.accountUpdateMulti(1, 'DU1', '', VALUE), 73, 8],
  ['accountUpdateMultiEnd', messages.accountUpdateMultiEnd(1), 74, 3],
  ['symbolSamples of one', messages.symbolSamples(1, [SPY]), 79, 11],
  ['headTimestamp', messages.headTimestamp(1, '1'), 88, 3],
  ['marketRule', messages.marketRule(26, '0.0', '0.01'), 93, 5],
  ['completedOrdersEnd', messages.completedOrdersEnd(), 102, 1],
  [
    'historicalSchedule of one',
    messages.historicalSchedule(1, 'a', 'b', [{ start: 'c', end: 'd', date: 'e' }]),
    106,
    9,
  ],
]

for (const [title, message, id, fields] of counts)
  test(`${title} has ${fields} fields`, () => expect([message[0], message.length]).toEqual([id, fields]))

test('a contract has each value in its place', () => {
  const place = (version: number, i: number) => messages.contractData(3, version, SPY, HOURS)[i]
  const at178 = { symbol: 2, exchange: 7, conId: 12, minTick: 13, primaryExchange: 20 }
  const values = { symbol: 'SPY', exchange: 'SMART', conId: 756733, minTick: '0.01', primaryExchange: 'ARCA' }
  for (const [name, value] of Object.entries(values))
    expect(place(178, at178[name as keyof typeof at178])).toBe(value)
  expect([place(178, 25), place(178, 26), place(178, 27)]).toEqual(['US/Eastern', 'trading', 'liquid'])
  // The last trade date goes in after the fifth field and moves the rest.
  expect([place(193, 8), place(193, 13), place(193, 26)]).toEqual(['SMART', 756733, 'US/Eastern'])
})

test('error texts beyond ASCII are escaped', () =>
  expect(messages.error(1, 201, 'Zürich').slice(4)).toEqual(['Z\\u00fcrich', '']))
