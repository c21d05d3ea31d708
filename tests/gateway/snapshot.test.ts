import { expect, test } from 'vitest'
import { commission, execution, openOrder, orderStatus, position } from '../support/orderFrames.ts'
import { frame } from '../support/scriptedTws.ts'
import { brokerStage, is } from './brokerStage.ts'

const ID = '0000e0d5.5c5bd2d5.01.01'

test("a snapshot is the broker's books", async () => {
  const { broker, server } = await brokerStage({
    answers: {
      61: () => Buffer.concat([position(100, 500.25), frame(62, 1)]),
      16: () =>
        Buffer.concat([
          openOrder({ type: 'STP', stop: 485.5 }),
          orderStatus({ status: 'PreSubmitted' }),
          frame(53, 1),
        ]),
      7: ([, , id]) =>
        Buffer.concat([execution({ requestId: Number(id), id: ID }), commission(ID, 1), frame(55, 1, id!)]),
    },
  })
  const snapshot = await broker.snapshot()
  expect(snapshot).toMatchObject({
    ...{ session: 1, nextOrderId: 12, completedOrders: [] },
    positions: [{ account: 'DU1234567', symbol: 'SPY', quantity: 100, averageCost: 500.25 }],
    openOrders: [{ orderId: 5, orderRef: 'pb-1', type: 'STP', stopPrice: 485.5, status: 'working' }],
    executions: [{ root: '0000e0d5.5c5bd2d5.01', revision: 1, quantity: 100 }],
    commissions: [{ root: '0000e0d5.5c5bd2d5.01', revision: 1, commission: 1, realizedPnl: null }],
    account: { account: 'DU1234567', currency: 'USD', netLiquidation: 100_000.5, cash: null },
  })
  expect(broker.session?.nextOrderId).toBe(12)
  await is(() => server.received().includes('63\x001\x001000000'))
})

test('what is pushed while a snapshot is taken stands in it', async () => {
  const { broker, of } = await brokerStage({
    answers: { 61: () => Buffer.concat([position(100), position(60), frame(62, 1)]) },
  })
  expect((await broker.snapshot()).positions).toMatchObject([{ quantity: 60 }])
  expect(of('position')).toHaveLength(2)
})

test('a commission that comes after the list of executions is waited for', async () => {
  const { broker, tws } = await brokerStage({
    answers: {
      7: ([, , id]) => {
        setTimeout(() => tws().write(commission(ID, 2.5)), 200)
        return Buffer.concat([execution({ requestId: Number(id), id: ID }), frame(55, 1, id!)])
      },
    },
  })
  expect((await broker.snapshot()).commissions).toMatchObject([{ commission: 2.5 }])
})

test('a commission that stays away does not keep the books back', async () => {
  const { broker } = await brokerStage({
    answers: {
      7: ([, , id]) => Buffer.concat([execution({ requestId: Number(id), id: ID }), frame(55, 1, id!)]),
    },
  })
  const { executions, commissions } = await broker.snapshot()
  expect([executions.length, commissions.length]).toEqual([1, 0])
})

test('two snapshots at once are taken one after the other', async () => {
  const { broker, server } = await brokerStage({
    answers: { 61: () => Buffer.concat([position(100), frame(62, 1)]) },
  })
  const both = await Promise.all([broker.snapshot(), broker.snapshot()])
  expect(both.map(({ positions }) => positions.length)).toEqual([1, 1])
  expect(server.received().split('\x0061\x001\0').length).toBeLessThanOrEqual(3)
})

test('books that TWS does not tell in 10 s are unavailable, and the connection is given up', async () => {
  const { broker } = await brokerStage({ hurry: 20, answers: { 16: () => null } })
  await expect(broker.snapshot()).rejects.toMatchObject({
    kind: 'unavailable',
    message: 'TWS did not answer in time',
  })
  await is(() => broker.session?.number === 2)
})

test('a connection that ends fails the snapshot at once', async () => {
  const { broker, tws } = await brokerStage({ answers: { 16: () => null } })
  const taking = broker.snapshot()
  setTimeout(() => tws().destroy(), 50)
  await expect(taking).rejects.toMatchObject({ kind: 'unavailable' })
})
