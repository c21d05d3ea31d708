import { expect, test } from 'vitest'
import type { BrokerReport } from '../../src/ports/broker.ts'
import { permit, ticket } from '../support/tickets.ts'
import { overMemory } from './simulatedBroker.ts'

/** A broker whose simulator breaks as a fault of its catalogue says. */
async function broken(fault: string | null = null, terms: object = {}) {
  const under = await overMemory()
  const { broker, reports, until, settled, terminal, tws } = under
  const snapshot = () => settled(broker.snapshot())
  const { nextOrderId: orderId } = await snapshot()
  const lift = fault === null ? () => {} : terminal.arm(fault, terms)
  const place = (changes: Parameters<typeof ticket>[0] = {}) =>
    settled(broker.place([ticket({ orderId, ...changes })], permit({ session: broker.session!.number })))
  const of = <K extends BrokerReport['kind']>(kind: K) =>
    reports.filter((report): report is Extract<BrokerReport, { kind: K }> => report.kind === kind)
  const told = (kind: BrokerReport['kind'], count = 1) => until(() => of(kind).length >= count)
  /** Shares that the simulator's own books have of it. */
  const traded = () =>
    tws.books.all[0]!.executionsOn(tws.now()).reduce((sum, execution) => sum + execution.quantity, 0)
  return { ...under, orderId, snapshot, lift, place, of, told, traded }
}

const MESSAGES = [
  [
    'orderRejected',
    { with: { json: 'broken' } },
    { code: 201, effect: 'rejected', details: '[{"id":"8229","text":' },
  ],
  ['orderRejected', { with: { json: 'none' } }, { code: 201, effect: 'rejected', details: null }],
  ['orderIdTaken', {}, { code: 103, effect: 'duplicate' }],
  ['orderHeld', {}, { code: 399, effect: 'held' }],
  ['orderNotice', {}, { code: 10_349, effect: 'note' }],
  ['orderNotice', { with: { code: 10_998, text: 'Something new' } }, { code: 10_998, effect: 'unknown' }],
] as const
for (const [fault, terms, message] of MESSAGES) {
  test(`${fault} ${JSON.stringify(terms)} is told as ${message.effect}, and the session lives`, async () => {
    const { broker, orderId, place, of, told } = await broken(fault, terms)
    expect(await place()).toEqual({ kind: 'sent' })
    await told('message')
    expect(of('message')[0]).toMatchObject({ orderId, ...message })
    expect(broker.session?.number).toBe(1)
  })
}

test('a correction of an execution has its root and a higher revision', async () => {
  const { place, of, told, snapshot } = await broken('executionCorrected', {
    with: { seconds: 5, priceChange: 0.05 },
  })
  await place({ quantity: 1 })
  await told('execution', 2)
  const [first, corrected] = of('execution').map(({ execution }) => execution)
  expect(corrected).toMatchObject({ root: first!.root, revision: first!.revision + 1, quantity: 1 })
  expect(corrected!.price).toBeCloseTo(first!.price + 0.05)
  const { executions } = await snapshot()
  expect(
    executions
      .map(({ revision }) => revision)
      .sort()
      .at(-1),
  ).toBe(corrected!.revision)
})

test('a commission that IB does not set is null', async () => {
  const { place, of, told } = await broken('commissionUnset')
  await place({ quantity: 1 })
  await told('commission')
  expect(of('commission')[0]!.commission.commission).toBeNull()
})

test('fills of which nothing was said while the link was lost stand in the books', async () => {
  const { broker, terminal, place, snapshot, until, of, traded } = await broken()
  await place()
  const restore = terminal.loseLink(1101)
  await until(() => broker.suspension !== null)
  await until(() => traded() === 100)
  restore()
  await until(() => broker.suspension === null)
  expect(of('session').at(-1)).toEqual({ kind: 'session', state: 'ready', dataLost: true })
  const { executions, positions } = await snapshot()
  expect(executions.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(100)
  expect(positions).toMatchObject([{ symbol: 'SPY', quantity: 100 }])
})

test('an order whose acknowledgement was lost with the connection is found by its reference', async () => {
  const { broker, place, snapshot, until, lift } = await broken('acknowledgementLost')
  expect(await place({ side: 'sell', type: 'stop', stopPrice: 300.5, timeInForce: 'gtc' })).toEqual({
    kind: 'sent',
  })
  await until(() => broker.session?.number === 2)
  lift()
  expect((await snapshot()).openOrders).toMatchObject([{ orderRef: 'pb-1', type: 'STP', stopPrice: 300.5 }])
})

test('an order that never arrived is absent, and its id is still the next one', async () => {
  const { orderId, place, snapshot, clock } = await broken('orderDropped')
  expect(await place()).toEqual({ kind: 'sent' })
  await clock.runUntil((clock.now() + 30_000) as never)
  const books = await snapshot()
  expect([books.openOrders, books.executions, books.completedOrders]).toEqual([[], [], []])
  expect(books.nextOrderId).toBe(orderId)
})

test('over a half-open line no order leaves', async () => {
  const { broker, terminal, place, until, traded, snapshot, orderId } = await broken()
  terminal.stall()
  expect(await place()).toEqual({ kind: 'refused', reason: 'TWS did not answer within 2 s' })
  await until(() => broker.session?.number === 2)
  expect((await snapshot()).nextOrderId).toBe(orderId)
  expect(traded()).toBe(0)
})

test('a read-only TWS refuses its books, and trading is suspended', async () => {
  const { broker, snapshot, place, traded } = await broken('readOnly')
  await expect(snapshot()).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/read-only/i),
  })
  expect(await place()).toMatchObject({ kind: 'refused' })
  expect(broker.suspension?.reason).toMatch(/read-only/)
  expect(traded()).toBe(0)
})
