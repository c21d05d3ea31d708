import { describe, expect, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { parseInstant } from '../../src/market/time.ts'
import { type Account, emptyAccount } from '../../src/simulator/account.ts'
import { simulatorFor } from '../support/simulator.ts'
import { announcing, connected, LibraryClient } from './libraryClient.ts'

const TRADED_AT = parseInstant('2024-06-03T14:00:00Z')

const ACCOUNT: Account = {
  ...emptyAccount('U1234567'),
  cash: 25_000,
  positions: [{ symbol: 'SPY', quantity: 100, averageCost: 480.25 }],
  executions: [
    {
      ...{ id: '0000e0d5.00000001.01.01', time: TRADED_AT, symbol: 'SPY', side: 'BOT', quantity: 100 },
      ...{ price: 480.24, exchange: 'ARCA', commission: 1, clientId: 1, orderId: 4, permId: 77 },
      ...{ orderRef: 'entry', realizedPnl: null },
    },
  ],
  completedOrders: [
    {
      ...{ symbol: 'SPY', action: 'BUY', orderType: 'LMT', quantity: 100, filledQuantity: 100 },
      ...{ limitPrice: 480.5, stopPrice: 0, timeInForce: 'GTC', orderRef: 'entry', permId: 77, clientId: 1 },
      ...{ status: 'Filled', completedAt: TRADED_AT, reason: 'Filled Size: 100' },
    },
  ],
}

const SPY = expect.objectContaining({ conId: 756733, symbol: 'SPY', secType: 'STK', currency: 'USD' })

for (const version of [178, 193])
  describe(`@stoqey/ib at level ${version}`, () => {
    const setUp = async () =>
      connected(await announcing(version, await simulatorFor({ accounts: [ACCOUNT, emptyAccount('DU2')] })))

    test('decodes what an account holds and is worth', async () => {
      const client = await setUp()
      client.ib.reqAccountUpdates(true, 'U1234567')
      await client.seen('accountDownloadEnd', 'U1234567')
      expect(await client.seen('managedAccounts')).toEqual(['managedAccounts', 'U1234567,DU2'])
      const [, contract, quantity, price, value, cost, , realized, id] = await client.seen('updatePortfolio')
      expect([contract, quantity, cost, realized, id]).toEqual([SPY, 100, 480.25, 0, 'U1234567'])
      expect(value).toBeCloseTo(100 * Number(price), 4)
      client.ib.reqPositions()
      expect(await client.seen('position')).toEqual(['position', 'U1234567', SPY, 100, 480.25])
      client.ib.reqPnL(9, 'U1234567', '')
      const [, , daily, unrealized, nothing] = await client.seen('pnl', 9)
      expect([typeof daily, typeof unrealized, nothing]).toEqual(['number', 'number', 0])
      client.ib.reqPnLSingle(10, 'U1234567', '', 756733)
      expect((await client.seen('pnlSingle', 10))[2]).toBe(100)
      expect(client.all('error')).toEqual([])
    })

    test('decodes what was done today', async () => {
      const client = await setUp()
      client.ib.reqExecutions(5, {})
      client.ib.reqCompletedOrders(true)
      await client.seen('execDetailsEnd', 5)
      await client.seen('completedOrdersEnd')
      const [, , contract, execution] = await client.seen('execDetails', 5)
      expect(contract).toEqual(SPY)
      expect(execution).toMatchObject({
        ...{
          execId: '0000e0d5.00000001.01.01',
          time: '20240603 10:00:00 US/Eastern',
          orderId: 4,
          permId: 77,
        },
        ...{
          acctNumber: 'U1234567',
          side: 'BOT',
          shares: 100,
          price: 480.24,
          cumQty: 100,
          orderRef: 'entry',
        },
      })
      expect((await client.seen('commissionReport'))[1]).toMatchObject({ commission: 1, currency: 'USD' })
      const [, of, order, state] = await client.seen('completedOrder')
      expect(of).toEqual(SPY)
      expect(order).toMatchObject({
        ...{ action: 'BUY', orderType: 'LMT', totalQuantity: 100, lmtPrice: 480.5, tif: 'GTC', permId: 77 },
        ...{ account: 'U1234567', filledQuantity: 100, orderRef: 'entry' },
      })
      expect(state).toMatchObject({ status: 'Filled', completedStatus: 'Filled Size: 100' })
      expect(client.all('error')).toEqual([])
    })
  })

test('twenty clients over TCP are answered alike, and counted', async () => {
  const { port, status } = await simulatorFor()
  const clients = await Promise.all(
    Array.from({ length: 20 }, async (_, id) => {
      const client = new LibraryClient(port)
      await client.ask((ib) => ib.connect(id), 'nextValidId')
      return client
    }),
  )
  for (const client of clients) for (let i = 0; i < 8; i++) client.ib.reqCurrentTime()
  const answers = () => clients.map((client) => client.all('currentTime').length)
  while (answers().some((count) => count < 8)) await machineClock.sleep(5)
  expect(answers()).toEqual(clients.map(() => 8))
  const { connections, counts } = status()
  expect(connections.map(({ clientId, messages }) => [clientId, messages])).toEqual(
    expect.arrayContaining(clients.map((_, id) => [id, 9])),
  )
  expect([counts.messages, counts.violations.messages]).toEqual([20 * 9, 0])
})
