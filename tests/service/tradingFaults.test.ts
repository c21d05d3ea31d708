import { describe, expect, test } from 'vitest'
import { type Books, nakedTooLong } from '../support/books.ts'
import { getJson, until } from '../support/client.ts'
import { BUSY } from './sawtooth.ts'
import { type TradingService, tradingStage, untilAgreed, untilState } from './tradingStage.ts'

type Stage = Awaited<ReturnType<typeof tradingStage>>

/** The stop lies in the fall that follows each entry: it is filled some fifty market seconds after it. */
const STOPPED = { ...BUSY, strategy: { ...BUSY.strategy, protectiveStopPct: 0.35 } }

const heldIn = ({ positions }: Books): number => positions.reduce((sum, { quantity }) => sum + quantity, 0)
const untilHeld = ({ books }: Stage) => until(async () => heldIn(await books()) > 0, 60_000)
const untilFlat = ({ books }: Stage) => until(async () => heldIn(await books()) === 0, 60_000)

/** What the position was after each execution: never short, and never of two entries. */
function courseOf({ executions }: Books): number[] {
  let held = 0
  return executions.map(({ side, quantity }) => (held += side === 'BOT' ? quantity : -quantity))
}

function neverDoubled(books: Books): void {
  const course = courseOf(books)
  expect([Math.min(0, ...course), Math.max(...course)]).toEqual([0, 10])
  expect(nakedTooLong(books)).toEqual([])
}

/** The stop is filled while the service cannot be told; afterwards it knows of it all the same. */
async function fillIsRecovered(stage: Stage, service: TradingService, restored: number): Promise<void> {
  await untilHeld(stage)
  const restore = await stage.fault('linkLost', { with: { restored } })
  await untilFlat(stage)
  const filled = (await stage.books()).executions.at(-1)!
  const told = async () =>
    (await service.list<{ id: string }>('executions')).some(({ id }) => filled.id.startsWith(id))
  expect(await told()).toBe(false)
  await restore()
  await until(told, 20_000)
  await untilAgreed(service, stage.books)
}

const gatewayOf = ({ address }: TradingService) => getJson<{ state: string }>(`${address}/v1/gateway`)
const ordersIn = async ({ books }: Stage): Promise<number> => (await books()).orders.length
const entriesIn = ({ orders }: Books): number => orders.filter(({ action }) => action === 'BUY').length

/** For longer than it ever waits between two entries nothing is bought, and it is said why. */
async function standsStill(stage: Stage, service: TradingService, state: string, reason: RegExp) {
  await untilState(service, state, 40_000)
  expect((await service.trader()).reason).toMatch(reason)
  const from = await stage.books()
  await until(async () => Date.parse((await stage.books()).now) - Date.parse(from.now) > 6 * 60_000, 40_000)
  expect(entriesIn(await stage.books())).toBe(entriesIn(from))
  expect((await service.trader()).reason).toMatch(reason)
}

/** It trades again by itself, and knows of everything that happened meanwhile. */
async function tradesAgain(stage: Stage, service: TradingService): Promise<void> {
  const before = await ordersIn(stage)
  await untilState(service, 'active', 20_000)
  await until(async () => (await ordersIn(stage)) > before, 40_000)
  await untilAgreed(service, stage.books)
  neverDoubled(await stage.books())
}

describe.concurrent('trading', () => {
  test('fills while the link is away are in the books afterwards; a link that stays away is said, and nothing is sent; a signal halts it', async ({
    onTestFinished,
  }) => {
    const stage = await tradingStage({ SIM_SPEED: '40' }, onTestFinished)
    const service = await stage.service({}, STOPPED)
    await fillIsRecovered(stage, service, 1101)

    await untilHeld(stage)
    const restore = await stage.fault('linkLost', { with: { restored: 1102 } })
    const before = await ordersIn(stage)
    await untilState(service, 'halted')
    expect((await service.trader()).reason).toMatch(/has been lost/)
    // A new connection does not bring it back.
    await stage.disconnect()
    await until(async () => (await service.trader()).reason === 'there is no session with TWS', 20_000)
    await until(async () => (await gatewayOf(service)).state === 'linkDown', 20_000)
    expect((await service.trader()).state).toBe('halted')
    expect(await ordersIn(stage)).toBe(before)
    expect(heldIn(await stage.books())).toBe(0)
    await restore()
    await tradesAgain(stage, service)

    process.kill(service.pid, 'SIGUSR2')
    await untilState(service, 'halted', 10_000)
    expect((await service.trader()).reason).toContain('SIGUSR2')
  }, 150_000)

  test('a second instance does not trade, and takes over from a dead one; a read-only TWS and a competing session stop it', async ({
    onTestFinished,
  }) => {
    const stage = await tradingStage({ SIM_SPEED: '40' }, onTestFinished)
    const first = await stage.service({}, BUSY)
    await untilHeld(stage)
    const second = await stage.service({}, BUSY)
    expect(await stage.clients()).toEqual([17])
    expect((await gatewayOf(second)).state).toBe('standby')
    await first.end('SIGKILL')
    await until(async () => (await second.reconciled()) && (await second.trader()).state === 'active', 20_000)
    await tradesAgain(stage, second)

    await stage.switches({ readOnly: true })
    await standsStill(stage, second, 'halted', /its API is read-only/)
    await stage.switches({ readOnly: false })
    await stage.disconnect()
    await tradesAgain(stage, second)

    await untilHeld(stage)
    await stage.switches({ competingSession: true })
    await standsStill(stage, second, 'reducing', /another session uses the market data/)
    // What is held can be sold all the same.
    expect((await second.flatten()).status).toBe(202)
    await untilFlat(stage)
    await untilAgreed(second, stage.books)
  }, 150_000)
})
