import { describe, expect, test } from 'vitest'
import { parseInstant } from '../../src/market/time.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { simulatorFor } from '../support/simulator.ts'
import { announcing, connected, type LibraryClient, SPY } from './libraryClient.ts'

/** The market's clock, twenty times as fast as the machine's, from eleven in New York on. */
function marketClock() {
  const clock = hurriedClock(20)
  const began = clock.now()
  const start = parseInstant('2024-06-03T15:00:00Z')
  return { ...clock, now: () => (start + clock.now() - began) as ReturnType<typeof clock.now> }
}

const trading = async (version: number) => {
  const simulator = await simulatorFor({ clock: marketClock(), switches: { fillShare: 1 } })
  return { simulator, client: await connected(await announcing(version, simulator)) }
}

const entry = { action: 'BUY', totalQuantity: 10, orderType: 'MKT', tif: 'DAY', orderRef: 'entry' }
const stop = {
  action: 'SELL',
  totalQuantity: 10,
  orderType: 'STP',
  auxPrice: 300,
  tif: 'GTC',
  orderRef: 'stop',
}

const place = ({ ib }: LibraryClient, id: number, order: object) => ib.placeOrder(id, SPY, order as never)

describe.each([178, 193])('a user of @stoqey/ib at level %i', (version) => {
  test('places a bracket, sees it filled, moves its stop and cancels it', async () => {
    const { client } = await trading(version)
    const { ib } = client
    ib.reqPositions()
    await client.seen('positionEnd')
    place(client, 1, { ...entry, transmit: false })
    place(client, 2, { ...stop, parentId: 1, transmit: true })
    const [, , contract, execution] = await client.seen('execDetails', -1)
    expect(contract).toMatchObject({ symbol: 'SPY', conId: 756733 })
    expect(execution).toMatchObject({
      orderId: 1,
      side: 'BOT',
      shares: 10,
      cumQty: 10,
      orderRef: 'entry',
      clientId: 1,
    })
    expect((await client.seen('commissionReport'))[1]).toMatchObject({
      commission: 1,
      currency: 'USD',
      realizedPNL: undefined,
    })
    expect((await client.seen('position')).slice(3, 4)).toEqual([10])
    place(client, 2, { ...stop, parentId: 1, transmit: true, auxPrice: 301 })
    ib.reqAllOpenOrders()
    await client.seen('openOrderEnd')
    expect(client.all('openOrder').at(-1)).toMatchObject([
      ...['openOrder', 2, { symbol: 'SPY' }],
      { orderType: 'STP', auxPrice: 301, totalQuantity: 10, parentId: 1, orderRef: 'stop', tif: 'GTC' },
      { status: 'PreSubmitted' },
    ])
    ib.cancelOrder(2, '')
    await client.seen('error')
    const states = client.all('orderStatus').map(([, id, status]) => `${id} ${status}`)
    expect(states.slice(0, 2)).toEqual(['1 Submitted', '2 PreSubmitted'])
    expect(states.filter((state) => state === '1 Filled')).toHaveLength(2)
    expect(states.slice(-2)).toEqual(['2 PendingCancel', '2 Cancelled'])
    expect(client.all('error').map(([, , code, id]) => [code, id])).toEqual([[202, 2]])
  })

  test('is told a rejection with its JSON, and what an order would cost', async () => {
    const { client, simulator } = await trading(version)
    await fetch(`http://127.0.0.1:${simulator.port}/faults`, {
      method: 'POST',
      body: JSON.stringify({ fault: 'orderRejected', times: 1, with: { json: 'valid', reason: 'no' } }),
    })
    place(client, 1, { ...entry, transmit: true })
    const [, , code, id, advanced] = await client.seen('error')
    expect([code, id, Array.isArray(advanced)]).toEqual([201, 1, true])
    expect((await client.seen('orderStatus', 1))[2]).toBe('Inactive')
    place(client, 2, { ...entry, whatIf: true, transmit: true })
    const [, , , order, state] = await client.seen('openOrder', 2)
    expect(order).toMatchObject({ whatIf: true })
    expect(state).toMatchObject({ commission: 1, commissionCurrency: 'USD', initMarginBefore: 0 })
  })
})

test('orders, executions and positions outlive a client that is gone while they are filled', async () => {
  const { client, simulator } = await trading(193)
  place(client, 1, { ...entry, transmit: false })
  place(client, 2, { ...stop, parentId: 1, transmit: true })
  await client.seen('orderStatus', 2)
  client.ib.disconnect()
  const again = await connected(simulator.port, 1)
  const { ib } = again
  const isFilled = () => again.all('execDetails').length > 0
  for (let id = 100; !isFilled(); id++) await again.ask(() => ib.reqExecutions(id, {}), 'execDetailsEnd', id)
  ib.reqOpenOrders()
  ib.reqCompletedOrders(false)
  await again.seen('openOrderEnd')
  await again.seen('completedOrdersEnd')
  expect(again.all('openOrder').at(-1)).toMatchObject([
    'openOrder',
    2,
    {},
    { orderRef: 'stop' },
    { status: 'PreSubmitted' },
  ])
  expect(again.all('completedOrder')[0]).toMatchObject([
    ...['completedOrder', { symbol: 'SPY' }, { orderRef: 'entry', filledQuantity: 10 }],
    { status: 'Filled', completedStatus: 'Filled Size: 10' },
  ])
})
