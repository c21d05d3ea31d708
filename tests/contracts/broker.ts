import { expect, test } from 'vitest'
import type { Broker, BrokerReport } from '../../src/ports/broker.ts'
import { bracket, permit, ticket } from '../support/tickets.ts'

/** A broker that is ready, in a session of the exchange, and what drives the time it lives in. */
export interface BrokerUnderTest {
  readonly broker: Broker
  /** All that it has told, oldest first. */
  readonly reports: readonly BrokerReport[]
  /** Lets time pass until it is so. */
  until(check: () => boolean): Promise<void>
  settled<T>(promise: Promise<T>): Promise<T>
}

/** What any broker does with orders. `open` begins anew, with an account that holds nothing. */
export function brokerContract(open: () => Promise<BrokerUnderTest>): void {
  const begun = async () => {
    const under = await open()
    const { broker, reports, until, settled } = under
    const snapshot = () => settled(broker.snapshot())
    const place = (tickets: Parameters<Broker['place']>[0], isEntry = true) =>
      settled(broker.place(tickets, permit({ session: broker.session!.number, isEntry })))
    const filled = (orderId: number) => () =>
      sharesOf(
        reports.flatMap((report) => (report.kind === 'execution' ? [report.execution] : [])),
        orderId,
      ) === 100
    const statusOf = (orderId: number) =>
      reports.findLast((report) => report.kind === 'status' && report.orderId === orderId)
    return { ...under, snapshot, place, filled, until, statusOf }
  }

  test('an account that holds nothing is told as such', async () => {
    const { snapshot, broker } = await begun()
    expect(await snapshot()).toMatchObject({
      ...{ session: broker.session!.number, positions: [], openOrders: [], executions: [] },
      ...{ commissions: [], completedOrders: [] },
      account: { account: 'DU1234567', currency: 'USD', netLiquidation: 1_000_000 },
    })
  })

  test('a market order fills, and the books agree with what was reported', async () => {
    const { snapshot, place, until, filled, reports } = await begun()
    const { nextOrderId: orderId } = await snapshot()
    expect(await place([ticket({ orderId })])).toEqual({ kind: 'sent' })
    await until(filled(orderId))
    await until(() => reports.some((report) => report.kind === 'position'))
    const books = await snapshot()
    expect(books.nextOrderId).toBeGreaterThan(orderId)
    expect(books.positions).toMatchObject([{ account: 'DU1234567', symbol: 'SPY', quantity: 100 }])
    expect(books.openOrders).toEqual([])
    expect(books.completedOrders).toMatchObject([
      { orderRef: 'pb-1', symbol: 'SPY', side: 'buy', quantity: 100, filled: 100, status: 'filled' },
    ])
    expect(books.executions.every(({ orderRef }) => orderRef === 'pb-1')).toBe(true)
    expect(sharesOf(books.executions, orderId)).toBe(100)
    expect(books.commissions).toHaveLength(books.executions.length)
    const told = reports.flatMap((report) => (report.kind === 'execution' ? [report.execution] : []))
    expect(told).toEqual(books.executions)
  })

  test('the stop of a bracket works once its entry has filled, and goes when the exit of its group fills', async () => {
    const { snapshot, place, until, filled, statusOf } = await begun()
    const { nextOrderId: entry } = await snapshot()
    await place(bracket({ orderId: entry }))
    await until(filled(entry))
    const { openOrders } = await snapshot()
    expect(openOrders).toMatchObject([
      {
        orderId: entry + 1,
        orderRef: 'pb-1s',
        type: 'STP',
        stopPrice: 300.5,
        status: 'working',
        quantity: 100,
      },
    ])
    const exit = ticket({ orderId: entry + 2, orderRef: 'pb-1x', side: 'sell', ocaGroup: 'pb-1-group' })
    await place([exit], false)
    await until(filled(entry + 2))
    await until(() => isCancelled(statusOf(entry + 1)))
    const books = await snapshot()
    expect(books.openOrders).toEqual([])
    expect(books.positions.filter(({ quantity }) => quantity !== 0)).toEqual([])
  })

  test('an order that is not transmitted does not trade', async () => {
    const { snapshot, place } = await begun()
    const { nextOrderId: orderId } = await snapshot()
    await place([ticket({ orderId, transmit: false })])
    const { executions, positions } = await snapshot()
    expect([executions, positions]).toEqual([[], []])
  })

  test('an id that is used again buys nothing twice', async () => {
    const { snapshot, place, until, filled, reports } = await begun()
    const { nextOrderId: orderId } = await snapshot()
    await place([ticket({ orderId })])
    await until(filled(orderId))
    await place([ticket({ orderId })])
    await until(() => reports.some((report) => report.kind === 'message' && report.code !== 399))
    const message = reports.find((report) => report.kind === 'message' && report.code !== 399)
    expect(message).toMatchObject({ orderId, effect: expect.stringMatching(/duplicate|unknown/) })
    expect(sharesOf((await snapshot()).executions, orderId)).toBe(100)
  })

  test('a stop that is cancelled is told as cancelled', async () => {
    const { broker, snapshot, place, until, settled, statusOf, reports } = await begun()
    const { nextOrderId: orderId } = await snapshot()
    await place([ticket({ orderId, side: 'sell', type: 'stop', stopPrice: 300.5, timeInForce: 'gtc' })])
    await until(() => statusOf(orderId) !== undefined)
    await settled(broker.cancel(orderId))
    await until(() => isCancelled(statusOf(orderId)))
    await until(() => reports.some((report) => report.kind === 'message' && report.effect === 'cancelled'))
    expect((await snapshot()).completedOrders).toMatchObject([{ orderRef: 'pb-1', status: 'cancelled' }])
  })

  test('the cancel of everything takes every order back', async () => {
    const { broker, snapshot, place, until, settled, statusOf } = await begun()
    const { nextOrderId: first } = await snapshot()
    const stop = { side: 'sell', type: 'stop', stopPrice: 300.5, timeInForce: 'gtc' } as const
    await place([ticket({ orderId: first, ...stop, ocaGroup: 'a' })])
    await place([ticket({ orderId: first + 1, ...stop, ocaGroup: 'b' })])
    await until(() => statusOf(first + 1) !== undefined)
    await settled(broker.cancelEverything())
    await until(() => isCancelled(statusOf(first)) && isCancelled(statusOf(first + 1)))
    expect((await snapshot()).openOrders).toEqual([])
  })

  test('what filled while nobody was connected stands in the books of the next session', async () => {
    const { broker, snapshot, place, until } = await begun()
    const { nextOrderId: orderId, session } = await snapshot()
    await place([ticket({ orderId })])
    broker.recycle('the test cuts the line')
    await until(() => broker.session !== null && broker.session.number > session)
    let books = await snapshot()
    for (let i = 0; i < 100 && sharesOf(books.executions, orderId) < 100; i++) books = await snapshot()
    expect(books.session).toBeGreaterThan(session)
    expect(sharesOf(books.executions, orderId)).toBe(100)
    expect(books.executions[0]).toMatchObject({ orderRef: 'pb-1' })
  })

  test('an order for a session that is over does not leave', async () => {
    const { broker, snapshot, until, settled } = await begun()
    const { nextOrderId: orderId, session } = await snapshot()
    broker.recycle('the test cuts the line')
    await until(() => broker.session !== null && broker.session.number > session)
    const outcome = await settled(broker.place([ticket({ orderId })], permit({ session })))
    expect(outcome).toMatchObject({ kind: 'refused' })
    expect((await snapshot()).nextOrderId).toBe(orderId)
  })
}

const sharesOf = (executions: readonly { orderId: number; quantity: number }[], orderId: number): number =>
  executions.filter((each) => each.orderId === orderId).reduce((sum, { quantity }) => sum + quantity, 0)

const isCancelled = (report: BrokerReport | undefined): boolean =>
  report?.kind === 'status' && report.status === 'cancelled'
