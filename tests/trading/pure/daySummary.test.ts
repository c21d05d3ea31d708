import { beforeEach, expect, test } from 'vitest'
import { EVENT_BODIES } from '../../../openapi/events.ts'
import type { Instrument } from '../../../src/market/instrument.ts'
import { sessionOn } from '../../../src/market/session.ts'
import { type EpochMs, isoInstant, MINUTE_MS, parseInstant, plus } from '../../../src/market/time.ts'
import type { BookedExecution } from '../../../src/ports/executions.ts'
import type { IntentState } from '../../../src/ports/intents.ts'
import { tellClosedSession } from '../../../src/trading/daySummary.ts'
import type { TraderStanding } from '../../../src/trading/standing.ts'
import { spy } from '../../support/bars.ts'
import { gatewayEvent } from '../../support/events.ts'
import { type ManualClock, manualClock } from '../../support/manualClock.ts'
import { newDecision, newExecution, newIntent, newTrader } from '../../support/trading.ts'
import { type MemoryDatabase, memoryDatabase } from '../../support/twins/database.ts'

const MONDAY = sessionOn('2024-06-03', 'rth')!
const FRIDAY = sessionOn('2024-05-31', 'rth')!
const LATE = plus(MONDAY.to, 15 * MINUTE_MS)

let database: MemoryDatabase
let market: ManualClock
let instruments: Instrument[]
let running: { standing: TraderStanding | null } | null
beforeEach(async () => {
  database = memoryDatabase()
  market = manualClock(LATE)
  instruments = [await database.stores.instruments.save(spy)]
  running = { standing: null }
  await database.stores.events.append([{ ...gatewayEvent(0), time: MONDAY.from }])
})

const deps = () => ({ market, session: 'rth' as const, tracked: async () => instruments, running })
const tell = () => tellClosedSession({ stores: database.stores, ...deps() })
const told = async () =>
  (await database.stores.events.list({ limit: 99, types: ['day.summary'] })).map(({ data }) => data)
const cover = (from: EpochMs, to: EpochMs) =>
  database.stores.coverage.mark(instruments[0]!, '1s', { from, to }, 'done')

async function order(at: EpochMs, state: IntentState, symbol = 'SPY'): Promise<string> {
  const { id } = await database.stores.intents.create(
    newIntent({ symbol, createdAt: at, candleTime: at, ...(state === 'denied' && { state }) }),
  )
  if (state !== 'denied') await database.stores.intents.change(id, { state, sentAt: at, endedAt: at })
  return id
}

async function trade(at: EpochMs, fields: Partial<BookedExecution>): Promise<void> {
  const intent = await order(at, 'filled', fields.symbol)
  await database.stores.executions.book(newExecution({ intent, quantity: 10, time: at, ...fields }))
}

test('what came of a session is told: its trades, its orders, what is held, and what is covered', async () => {
  const at = (time: string) => parseInstant(`2024-06-03T${time}Z`)
  await trade(plus(FRIDAY.to, -MINUTE_MS), { price: 100, commission: 1 })
  await trade(at('14:00:00'), { side: 'sell', price: 102, commission: 1 })
  await trade(at('15:00:00'), { price: 100, commission: 1 })
  await trade(at('16:00:00'), { side: 'sell', price: 99 })
  await trade(at('16:00:01'), { symbol: 'QQQ', price: 400 })
  await trade(at('19:00:00'), { quantity: 5, price: 101 })
  await trade(at('20:05:00'), { side: 'sell', quantity: 5, price: 103 })
  await order(at('17:00:00'), 'rejected')
  await order(at('17:01:00'), 'denied')
  for (const time of ['13:30:00', '19:59:00'])
    await database.stores.decisions.add(
      newDecision(0, { time: at(time), candle: { ...newDecision(0).candle, time: at(time) } }),
    )
  await cover(MONDAY.from, plus(MONDAY.from, 195 * MINUTE_MS))

  expect(await tell()).toBe('2024-06-03: SPY')
  const summary = {
    ...{ date: '2024-06-03', symbol: 'SPY', trades: 2, wins: 1, grossPnl: 10, commissions: 3, netPnl: 7 },
    ...{ position: 5, decisions: 2, orders: 5, rejected: 1, coverage: 0.5 },
    reconciled: null,
  }
  expect(await told()).toEqual([summary])
  const [event] = await database.stores.events.list({ limit: 1 })
  expect(event!.time).toBe(LATE)
  const body = { ...event!, time: isoInstant(event!.time) }
  expect(EVENT_BODIES['day.summary'].parse(body)).toEqual(body)
})

test('a session is told once for each symbol, however often and by whomever it is asked for', async () => {
  await cover(MONDAY.from, MONDAY.to)
  await tell()
  expect(await tell()).toBe('2024-06-03: nothing is left to tell')
  instruments.push(await database.stores.instruments.save({ ...spy, symbol: 'QQQ', conId: 1 }))
  await database.stores.coverage.mark(instruments[1]!, '1s', MONDAY, 'done')
  expect(await tell()).toBe('2024-06-03: QQQ')
  market = manualClock(plus(LATE, 10 * 60 * MINUTE_MS))
  expect(await tell()).toBe('2024-06-03: nothing is left to tell')
  expect(await told()).toHaveLength(2)
})

test('before a quarter of an hour has passed the session before is the last one', async () => {
  await cover(MONDAY.from, MONDAY.to)
  market = manualClock(plus(LATE, -1))
  expect(await tell()).toBe('2024-05-31: nothing is left to tell')
  market = manualClock(LATE)
  expect(await tell()).toBe('2024-06-03: SPY')
})

test('a service that is new tells nothing of sessions that it has filled, and not lived through', async () => {
  await database.stores.coverage.mark(instruments[0]!, '1s', FRIDAY, 'done')
  market = manualClock(plus(MONDAY.from, MINUTE_MS))
  expect(await tell()).toBe('2024-05-31: nothing is left to tell')
  expect(await told()).toEqual([])
})

test('a day that was traded is closed on equal books, found after its end; the next day does not wait for them', async () => {
  const found = (reconciledAt: EpochMs, isReconciled: boolean) => {
    running = { standing: { reconciledAt, isReconciled } as TraderStanding }
  }
  await database.stores.traders.create(newTrader({ level: 'active' }))
  expect(await tell()).toBe("2024-06-03: SPY waits for the broker's books") // the trader is not up yet
  found(plus(MONDAY.to, -1), true)
  expect(await tell()).toBe("2024-06-03: SPY waits for the broker's books")
  found(LATE, false)
  expect(await tell()).toBe("2024-06-03: SPY waits for the broker's books")
  found(MONDAY.to, true)
  expect(await tell()).toBe('2024-06-03: SPY')
  expect(await told()).toMatchObject([{ reconciled: true }])
})

test('a trader of the past keeps nothing back where nothing is traded any more', async () => {
  await database.stores.traders.create(newTrader({ level: 'active' }))
  running = null
  expect(await tell()).toBe('2024-06-03: SPY')
  expect(await told()).toMatchObject([{ reconciled: null }])
})

test('what was never found equal is told as such when the next session opens', async () => {
  await database.stores.traders.create(newTrader({ level: 'active' }))
  market = manualClock(plus(sessionOn('2024-06-04', 'rth')!.from, -1))
  expect(await tell()).toBe("2024-06-03: SPY waits for the broker's books")
  market = manualClock(sessionOn('2024-06-04', 'rth')!.from)
  expect(await tell()).toBe('2024-06-03: SPY')
  expect(await told()).toMatchObject([{ reconciled: false }])
})

test('what cannot be told whole is told later: the outbox has all of it or nothing', async () => {
  await cover(MONDAY.from, MONDAY.to)
  const { stores } = database
  const broken = {
    ...stores,
    transaction: <T>(work: (tx: typeof stores) => Promise<T>) =>
      stores.transaction(async (tx) => {
        await work(tx as typeof stores)
        throw new Error('killed')
      }),
  }
  await expect(tellClosedSession({ ...deps(), stores: broken })).rejects.toThrow('killed')
  expect(await told()).toEqual([])
  expect(await tell()).toBe('2024-06-03: SPY')
})
