import { expect, test } from 'vitest'
import { simulatorFor } from '../support/simulator.ts'
import { VERSIONS } from './layouts/layout.ts'
import { connected, SPY } from './libraryClient.ts'

const END = '20240603-15:00:00'

test.each(VERSIONS)('@stoqey/ib and a server of level %i agree on everything', async (maxVersion) => {
  const { port } = await simulatorFor({ switches: { maxVersion, snapshotMs: 1 } })
  const client = await connected(port)
  expect(client.ib.serverVersion).toBe(maxVersion)
  const { ib } = client
  await client.ask(() => ib.reqContractDetails(3, SPY), 'contractDetailsEnd', 3)
  await client.ask(() => ib.reqPositions(), 'positionEnd')
  await client.ask(() => ib.reqAccountSummary(4, 'All', 'NetLiquidation'), 'accountSummaryEnd', 4)
  await client.ask(() => ib.reqExecutions(5, {}), 'execDetailsEnd', 5)
  await client.ask(() => ib.reqCompletedOrders(false), 'completedOrdersEnd')
  await client.ask(() => ib.reqMatchingSymbols(6, 'SPY'), 'symbolSamples', 6)
  await client.ask(() => ib.reqPnL(7, 'DU1234567', ''), 'pnl', 7)
  await client.ask(() => ib.cancelOrder(8, ''), 'error')
  ib.reqHistoricalData(9, SPY, END, '60 S', '1 secs' as never, 'TRADES' as never, 1, 2, false)
  await client.seen('historicalData', 9)
  ib.reqHistoricalTicks(10, SPY, '', END, 5, 'TRADES' as never, 1, false)
  await client.seen('historicalTicksLast', 10)
  // 10147 answers the cancel; anything else would be the library's complaint of what it could not read.
  expect(client.all('error').map(([, , code]) => code)).toEqual([10147])
})
