import { expect, test } from 'vitest'
import {
  commission,
  execution,
  openOrder,
  orderError,
  orderStatus,
  position,
  UNSET,
} from '../support/orderFrames.ts'
import { frame, HANDSHAKE, VERSION } from '../support/scriptedTws.ts'
import { brokerStage, FARMS_OK, is, notice } from './brokerStage.ts'

test('a connection that is ready is a session; the next one has a higher number', async () => {
  const { broker, of, tws } = await brokerStage()
  expect(broker.session).toMatchObject({
    ...{ number: 1, clientId: 17, accounts: ['DU1234567'], accountType: 'paper', nextOrderId: 1 },
  })
  expect(broker.suspension).toBeNull()
  tws().destroy()
  await is(() => broker.session?.number === 2)
  expect(of('session')).toEqual([
    { kind: 'session', state: 'ready', dataLost: true },
    { kind: 'session', state: 'ended', dataLost: true },
    { kind: 'session', state: 'ready', dataLost: true },
  ])
})

test('an order is told with everything that becomes of it, in its order', async () => {
  const { of, reports, tws } = await brokerStage()
  const id = '0000e0d5.5c5bd2d5.01.01'
  tws().write(
    Buffer.concat([
      openOrder({ status: 'PreSubmitted' }),
      orderStatus({ status: 'Submitted' }),
      execution({ id, shares: 60 }),
      execution({ id: '0000e0d5.5c5bd2d6.01.01', shares: 40 }),
      openOrder({ status: 'Filled' }),
      orderStatus({ status: 'Filled', filled: 100, remaining: 0, averagePrice: 500.25 }),
      commission(id, 1.25),
      position(100),
    ]),
  )
  await is(() => of('position').length === 1)
  expect(reports.map(({ kind }) => kind)).toEqual([
    ...['session', 'order', 'status', 'execution', 'execution', 'order', 'status', 'commission', 'position'],
  ])
  expect(of('order')[0]!.order).toEqual({
    ...{ orderId: 5, clientId: 17, permId: 9_001, orderRef: 'pb-1', account: 'DU1234567', symbol: 'SPY' },
    ...{ side: 'buy', quantity: 100, filled: null, type: 'MKT', stopPrice: null, status: 'working' },
    reason: null,
  })
  expect(of('execution')[0]!.execution).toEqual({
    ...{ root: '0000e0d5.5c5bd2d5.01', revision: 1, account: 'DU1234567', symbol: 'SPY', orderId: 5 },
    ...{ clientId: 17, permId: 9_001, orderRef: 'pb-1', side: 'buy', quantity: 60, price: 500.25 },
    time: Date.parse('2024-06-03T15:00:01Z'),
  })
  expect(of('status')[1]).toEqual({
    ...{ kind: 'status', orderId: 5, clientId: 17, permId: 9_001, status: 'filled', filled: 100 },
    ...{ remaining: 0, averagePrice: 500.25 },
  })
  expect(of('commission')[0]!.commission).toEqual({
    ...{ root: '0000e0d5.5c5bd2d5.01', revision: 1, commission: 1.25, realizedPnl: null },
  })
})

test('what TWS leaves out is null, and never a giant number', async () => {
  const { of, tws } = await brokerStage()
  const id = '0000e0d5.5c5bd2d5.01.02'
  tws().write(
    Buffer.concat([
      openOrder({ type: 'STP', stop: UNSET.double, status: 'Submitted' }),
      orderStatus({ status: 'Submitted', filled: UNSET.decimal, remaining: UNSET.decimal }),
      commission(id, UNSET.double),
    ]),
  )
  await is(() => of('commission').length === 1)
  expect(of('order')[0]!.order).toMatchObject({ type: 'STP', stopPrice: null })
  expect(of('status')[0]).toMatchObject({ filled: 0, remaining: 0, averagePrice: null })
  expect(of('commission')[0]!.commission).toEqual({
    ...{ root: '0000e0d5.5c5bd2d5.01', revision: 2, commission: null, realizedPnl: null },
  })
})

test('orders that TWS tells before anybody has asked are reported', async () => {
  const { of } = await brokerStage({
    greeting: () => Buffer.concat([VERSION, openOrder({}), HANDSHAKE.subarray(VERSION.length), FARMS_OK]),
  })
  expect(of('order')).toHaveLength(1)
})

test('fills during a lost link are reported, and no order leaves until it is restored', async () => {
  const { broker, of, tws } = await brokerStage()
  tws().write(notice(1100, 'Connectivity between IB and TWS has been lost.'))
  await is(() => broker.suspension !== null)
  expect(broker.session?.number).toBe(1)
  tws().write(Buffer.concat([execution({}), commission('0000e0d5.5c5bd2d5.01.01', 1), position(100)]))
  await is(() => of('position').length === 1)
  expect(of('execution')).toHaveLength(1)
  await expect(broker.snapshot()).rejects.toMatchObject({ kind: 'unavailable' })
  tws().write(notice(1101, 'Connectivity between IB and TWS has been restored- data lost.'))
  await is(() => broker.suspension === null)
  expect(of('session').slice(1)).toEqual([
    { kind: 'session', state: 'suspended', dataLost: false },
    { kind: 'session', state: 'ready', dataLost: true },
  ])
})

test('1102 is told as a session whose data were kept', async () => {
  const { broker, of, tws } = await brokerStage()
  tws().write(notice(1100, 'lost'))
  await is(() => broker.suspension !== null)
  tws().write(notice(1102, 'restored'))
  await is(() => broker.suspension === null)
  expect(of('session').at(-1)).toEqual({ kind: 'session', state: 'ready', dataLost: false })
})

test('1101 without 1100 before it is told all the same', async () => {
  const { of, tws } = await brokerStage()
  tws().write(notice(1101, 'restored, data lost'))
  await is(() => of('session').length === 2)
  expect(of('session')[1]).toEqual({ kind: 'session', state: 'ready', dataLost: true })
})

test('a rejection with broken JSON is told, and the connection lives', async () => {
  const { broker, of, tws } = await brokerStage()
  tws().write(
    Buffer.concat([
      orderError(5, 201, 'Order rejected - reason:no margin', '{"8229": "not \\u00e9nd'),
      orderError(6, 201, 'Order rejected', '{"8229":"x=1"}'),
      orderStatus({ status: 'Inactive' }),
    ]),
  )
  await is(() => of('status').length === 1)
  expect(of('message')).toEqual([
    {
      ...{ kind: 'message', orderId: 5, effect: 'rejected', code: 201 },
      ...{ text: 'Order rejected - reason:no margin', details: '{"8229": "not \\u00e9nd' },
    },
    {
      ...{ kind: 'message', orderId: 6, effect: 'rejected', code: 201, text: 'Order rejected' },
      details: '{"8229":"x=1"}',
    },
  ])
  expect(of('status')[0]).toMatchObject({ status: 'held' })
  expect(broker.session?.number).toBe(1)
})

test('a code that nobody knows is no cancellation', async () => {
  const { of, tws } = await brokerStage()
  tws().write(orderError(5, 10_999, 'Something new'))
  await is(() => of('message').length === 1)
  expect(of('message')[0]).toMatchObject({ orderId: 5, effect: 'unknown', code: 10_999 })
})

test('a change that is rejected does not end an order that TWS has', async () => {
  const { of, tws } = await brokerStage()
  const text = 'The price does not conform to the minimum price variation for this contract.'
  tws().write(Buffer.concat([orderError(5, 110, text), openOrder({}), orderError(5, 110, text)]))
  await is(() => of('message').length === 2)
  expect(of('message').map(({ effect }) => effect)).toEqual(['rejected', 'unknown'])
})

test("another client's order of the same number is another order", async () => {
  const { of, tws } = await brokerStage()
  tws().write(Buffer.concat([openOrder({ clientId: 3 }), orderError(5, 110, 'off the grid')]))
  await is(() => of('message').length === 1)
  expect(of('message')[0]).toMatchObject({ effect: 'rejected' })
})

test('an option on the symbol is not taken for the symbol', async () => {
  const { of, tws } = await brokerStage()
  const option = [
    1,
    'SPY',
    'OPT',
    '20240621',
    500,
    'C',
    '100',
    'SMART',
    'USD',
    'SPY   240621C00500000',
    'SPY',
  ]
  tws().write(frame(61, 3, 'DU1234567', ...option, 5, 120))
  await is(() => of('position').length === 1)
  expect(of('position')[0]!.position.symbol).toBe('SPY   240621C00500000 OPT USD')
})

test('a listener that throws ends neither the connection nor what others hear', async () => {
  const { broker, of, tws } = await brokerStage()
  broker.onReport(() => {
    throw new Error('the listener fails')
  })
  const heard: string[] = []
  broker.onReport(({ kind }) => heard.push(kind))
  tws().write(Buffer.concat([execution({}), position(100)]))
  await is(() => of('position').length === 1)
  expect(heard).toEqual(['execution', 'position'])
  expect(broker.session?.number).toBe(1)
})

test('an execution that cannot be read whole ends the connection: the next one tells it again', async () => {
  const { broker, tws } = await brokerStage()
  tws().write(frame(11, -1, 5, 756_733, 'SPY', 'STK'))
  await is(() => broker.session?.number === 2)
})

test('recycle makes a fresh connection', async () => {
  const { broker } = await brokerStage()
  broker.recycle('a test')
  await is(() => broker.session?.number === 2)
})

test('the accounts of another login end trading: the session is not taken', async () => {
  const { broker, of, tws } = await brokerStage({
    greeting: (n) =>
      Buffer.concat([VERSION, frame(15, 1, n === 1 ? 'DU1234567' : 'U7654321'), frame(9, 1, 1), FARMS_OK]),
  })
  tws().destroy()
  await is(() => of('session').length === 2)
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(broker.session).toBeNull()
})
