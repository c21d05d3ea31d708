import { expect, test, vi } from 'vitest'
import { orderError } from '../support/orderFrames.ts'
import { frame } from '../support/scriptedTws.ts'
import { bracket, permit, ticket } from '../support/tickets.ts'
import { brokerStage, is, notice } from './brokerStage.ts'

test('a bracket leaves in one piece, in its order, and says what it transmits', async () => {
  const { broker, orders } = await brokerStage()
  expect(await broker.place(bracket(), permit())).toEqual({ kind: 'sent' })
  await is(() => orders().length === 2)
  const [entry, stop] = orders() as [string[], string[]]
  // `3 orderId C12 secIdType secId action quantity type limit aux tif ocaGroup account openClose origin ref transmit parent`
  expect(entry.slice(1, 4)).toEqual(['12', '756733', 'SPY'])
  expect(entry.slice(16, 29)).toEqual([
    ...['BUY', '100', 'MKT', '', '', 'DAY', '', 'DU1234567', '', '', 'pb-1', '0', '0'],
  ])
  expect(stop.slice(16, 29)).toEqual([
    ...['SELL', '100', 'STP', '', '300.5', 'GTC', 'pb-1-group', 'DU1234567', '', '', 'pb-1s', '1', '12'],
  ])
  expect(entry).toHaveLength(118)
})

const refusals = {
  'with an objection': [
    [ticket()],
    permit({ objection: () => 'the lease is too old' }),
    'the lease is too old',
  ],
  'for another session': [[ticket()], permit({ session: 7 }), 'the session has changed'],
  'for a foreign account': [[ticket({ account: 'DU9' })], permit(), 'TWS is not logged in to account DU9'],
  'without shares': [[ticket({ quantity: 0 })], permit(), '0 is no number of shares'],
  'with half a share': [[ticket({ quantity: 1.5 })], permit(), '1.5 is no number of shares'],
  'as a stop without a price': [
    [ticket({ type: 'stop' })],
    permit(),
    'a stop has a stop price, and nothing else has one',
  ],
  'with an id of requests': [[ticket({ orderId: 1_000_000_000 })], permit(), '1000000000 is no order id'],
  'with a long reference': [
    [ticket({ orderRef: 'x'.repeat(33) })],
    permit(),
    `"${'x'.repeat(33)}" is no reference of an order`,
  ],
} as const
for (const [title, [tickets, allowed, reason]] of Object.entries(refusals)) {
  test(`an order ${title} does not leave`, async () => {
    const { broker, orders } = await brokerStage()
    expect(await broker.place(tickets, allowed)).toEqual({ kind: 'refused', reason })
    expect(orders()).toEqual([])
  })
}

test('an objection that comes up during the round trip keeps the order back', async () => {
  let asked = 0
  const { broker, orders } = await brokerStage()
  const objection = () => (++asked > 1 ? 'too old' : null)
  expect(await broker.place([ticket()], permit({ objection }))).toEqual({
    kind: 'refused',
    reason: 'too old',
  })
  expect(asked).toBe(2)
  expect(orders()).toEqual([])
})

test('a half-open link is found before an order leaves: it is refused within 2 s', async () => {
  let alive = true
  const { broker, orders } = await brokerStage({ isAlive: () => alive })
  alive = false
  const before = Date.now()
  expect(await broker.place([ticket()], permit())).toEqual({
    kind: 'refused',
    reason: 'TWS did not answer within 2 s',
  })
  expect(Date.now() - before).toBeLessThan(3_000)
  expect(orders()).toEqual([])
})

test('an answer that was lost keeps orders back for half a minute at most', async () => {
  let lost = 0
  const { broker, clock } = await brokerStage({
    hurry: 20,
    answers: { 49: () => (lost++ === 1 ? null : frame(49, 1, 1_717_426_800)) },
  })
  await is(() => lost >= 2)
  const before = clock.now()
  await vi.waitUntil(async () => (await broker.place([ticket()], permit())).kind === 'sent', {
    timeout: 10_000,
  })
  expect(clock.now() - before).toBeLessThan(30_000)
})

test('an answer to an earlier question is no round trip', async () => {
  let answering = true
  const { broker, tws, orders } = await brokerStage({
    answers: { 49: () => (answering ? frame(49, 1, 1_717_426_800) : null) },
  })
  answering = false
  const placing = [broker.place([ticket()], permit()), broker.place([ticket({ orderId: 13 })], permit())]
  await new Promise((resolve) => setTimeout(resolve, 50))
  tws().write(frame(49, 1, 1_717_426_800))
  expect(await Promise.all(placing)).toMatchObject([{ kind: 'sent' }, { kind: 'refused' }])
  await is(() => orders().length === 1)
  expect(orders()[0]![1]).toBe('12')
})

test('no order leaves over a lost link', async () => {
  const { broker, orders, tws } = await brokerStage()
  tws().write(notice(1100, 'Connectivity between IB and TWS has been lost.'))
  await is(() => broker.suspension !== null)
  expect(await broker.place([ticket()], permit())).toEqual({
    kind: 'refused',
    reason: 'Connectivity between IB and TWS has been lost.',
  })
  expect(orders()).toEqual([])
})

test('no order is kept for the next session', async () => {
  const { broker, server, tws } = await brokerStage()
  tws().destroy()
  await is(() => broker.session === null)
  expect(await broker.place([ticket()], permit())).toMatchObject({ kind: 'refused' })
  await is(() => broker.session?.number === 2)
  expect(await broker.place([ticket()], permit())).toEqual({
    kind: 'refused',
    reason: 'the session has changed',
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(server.received()).not.toContain('pb-1')
})

test('a session that ends during the round trip keeps the order back', async () => {
  let alive = true
  const { broker, server, tws } = await brokerStage({ isAlive: () => alive })
  alive = false
  const placing = broker.place([ticket()], permit())
  setTimeout(() => tws().destroy(), 50)
  expect(await placing).toMatchObject({ kind: 'refused' })
  alive = true
  await is(() => broker.session?.number === 2)
  expect(server.received()).not.toContain('pb-1')
})

test('no order leaves behind bytes that TWS has not read', async () => {
  const { broker, gateway, tws } = await brokerStage()
  tws().pause()
  // More than the buffers of the loopback hold.
  const flood = 'x'.repeat(500_000)
  const send = () =>
    gateway.session!.connection.sendNow((api) => api.reqMatchingSymbols(1_999_999_999, flood))
  for (let i = 0; i < 20; i++) send()
  const outcome = await broker.place([ticket()], permit())
  expect(outcome).toEqual({ kind: 'refused', reason: 'TWS has not read what was sent before' })
})

test('a read-only TWS suspends trading and says so', async () => {
  const text = 'Error validating request.-The API interface is currently in Read-Only mode.'
  const { broker, of, orders } = await brokerStage({
    answers: { 16: () => frame(4, 2, 2_147_483_647, 321, text, '') },
  })
  await expect(broker.snapshot()).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/read-only/i),
  })
  expect(broker.suspension?.reason).toMatch(/read-only/)
  expect(of('session').at(-1)).toMatchObject({ state: 'suspended' })
  expect(await broker.place([ticket()], permit())).toMatchObject({ kind: 'refused' })
  expect(orders()).toEqual([])
})

test('an order that a read-only TWS refuses is rejected, and no other follows', async () => {
  const text = 'Error validating request.-The API interface is currently in Read-Only mode.'
  const { broker, of } = await brokerStage({ answers: { 3: ([, id]) => orderError(Number(id), 321, text) } })
  expect(await broker.place([ticket()], permit())).toEqual({ kind: 'sent' })
  await is(() => of('message').length === 1)
  expect(of('message')[0]).toMatchObject({ orderId: 12, effect: 'rejected', code: 321 })
  expect(broker.suspension?.reason).toMatch(/read-only/)
})

for (const [code, text] of [
  [10_197, 'No market data during competing live session'],
  [10_167, 'Displaying delayed market data.'],
] as const) {
  test(`${code} keeps entries back, and lets exits through`, async () => {
    const { broker, of, tws } = await brokerStage()
    tws().write(frame(4, 2, 1_999_999_999, code, text, ''))
    await is(() => broker.suspension !== null)
    expect(of('session').at(-1)).toMatchObject({ state: 'ready' })
    expect(await broker.place([ticket()], permit())).toMatchObject({ kind: 'refused' })
    expect(await broker.place([ticket()], permit({ isEntry: false }))).toEqual({ kind: 'sent' })
  })
}

test('a cancel names its order, and the cancel of everything all of them', async () => {
  const { broker, server, tws } = await brokerStage()
  await broker.cancel(12)
  await broker.cancelEverything()
  await is(() => server.received().includes('58\0'))
  expect(server.received()).toContain('4\x0012\0')
  tws().destroy()
  await is(() => broker.session === null)
  await expect(broker.cancel(12)).rejects.toMatchObject({ kind: 'unavailable' })
})
