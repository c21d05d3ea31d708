import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sessionOn } from '../../../src/market/session.ts'
import { type Clock, DAY_MS, type EpochMs, parseInstant, plus, SECOND_MS } from '../../../src/market/time.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import { type Tick, ticksOf } from '../../../src/simulator/ticks/tick.ts'
import type { Tws } from '../../../src/simulator/tws.ts'
import { RawClient, terminal } from '../rawClient.ts'
import { Stage } from '../stage.ts'
import { orderRequest, Trader } from '../trader.ts'

const market = generatedMarket({ seed: 3 })
const START = parseInstant('2024-06-03T15:00:00Z')
/** In which orders are placed; they have as long again to trade. */
const PLACED_WITHIN_S = 300

/** A clock on which nothing wakes of itself: it stands until it is set. */
function still(): Clock & { set(at: EpochMs): void } {
  let now = START
  const never = () => new Promise<void>(() => {})
  return {
    now: () => now,
    after: () => () => {},
    sleep: never,
    sleepUntil: never,
    set: (at) => {
      now = at
    },
  }
}

interface Plan {
  readonly atMs: number
  readonly wish: Readonly<Record<string, unknown>>
}

const cents = fc.integer({ min: -60, max: 60 })

/** Orders around the market's price. */
function plans(price: number): fc.Arbitrary<Plan[]> {
  const near = cents.map((cent) => Math.round(price * 100 + cent) / 100)
  const wish = fc
    .record({
      action: fc.constantFrom('BUY', 'SELL'),
      orderType: fc.constantFrom('MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT'),
      lmtPrice: near,
      stop: near,
      trail: fc.integer({ min: 2, max: 40 }),
      totalQuantity: fc.integer({ min: 1, max: 400 }),
      tif: fc.constantFrom('DAY', 'GTC', 'IOC'),
      ocaGroup: fc.constantFrom('', '', 'a', 'b'),
      ocaType: fc.constantFrom(1, 2, 3),
    })
    .map(({ stop, trail, ...rest }) => ({
      ...rest,
      auxPrice: rest.orderType.startsWith('TRAIL') ? trail / 100 : stop,
      lmtPriceOffset: 0.02,
    }))
  const plan = fc.record({ atMs: fc.nat(PLACED_WITHIN_S * SECOND_MS), wish })
  return fc.array(plan, { minLength: 1, maxLength: 12 }).map((all) => all.toSorted((a, b) => a.atMs - b.atMs))
}

const outcomeOf = ({ books, floor }: Tws) => ({
  executions: books.all[0]!.executions.map(({ id: _, ...execution }) => execution),
  orders: floor.orders.all.map(({ orderId, status, filled, terms, outcome }) => [
    orderId,
    status,
    filled,
    terms.quantity,
    outcome,
  ]),
})

const PRICE = new Stage({ market }).tws.prices.last('SPY')!

test('orders trade alike, whether time passes second by second, at once, or in one jump', async () => {
  await fc.assert(
    fc.asyncProperty(plans(PRICE), async (orders) => {
      const [stepped, waited] = [new Stage({ market }), new Stage({ market })]
      const jump = still()
      const jumped = terminal({ market, clock: jump, machine: jump })
      const clients = [new Trader(stepped).client, new Trader(waited).client, new RawClient(jumped).open(193)]
      const passTo = async (ms: number) => {
        for (; stepped.clock.now() - START + SECOND_MS < ms; ) {
          await stepped.pass(1)
          clients[0]!.send(5, 1)
        }
        await stepped.clock.runUntil(plus(START, ms))
        await waited.clock.runUntil(plus(START, ms))
        jump.set(plus(START, ms))
      }
      for (const [i, { atMs, wish }] of orders.entries()) {
        await passTo(atMs)
        for (const client of clients) client.send(...orderRequest(i + 1, wish))
      }
      await passTo(2 * PLACED_WITHIN_S * SECOND_MS)
      clients[2]!.send(5, 1)
      expect(outcomeOf(stepped.tws)).toEqual(outcomeOf(waited.tws))
      expect(outcomeOf(jumped)).toEqual(outcomeOf(waited.tws))
    }),
    { numRuns: 8, seed: 7 },
  )
}, 30_000)

/** The ticks of that time, each with whether it is the first of its second. */
function ticksOfTest(): (Tick & { readonly isFirst: boolean })[] {
  const { bars, first, end, stepMs } = market.bars('SPY', sessionOn('2024-06-03', 'all')!, 'all', DAY_MS)
  const ticks: (Tick & { isFirst: boolean })[] = []
  for (let i = first; i < end; i++)
    if (bars.time[i]! >= START && bars.time[i]! < START + 2 * PLACED_WITHIN_S * SECOND_MS)
      ticks.push(...ticksOf('SPY', bars.at(i), stepMs).map((tick, k) => ({ ...tick, isFirst: k === 0 })))
  return ticks
}

/** When an order trades, read off the ticks one by one: the time, and the price unless it is a stop that prices pass. */
function naive(ticks: ReturnType<typeof ticksOfTest>, wish: Plan['wish'], atMs: number): EpochMs | null {
  const { action, orderType, lmtPrice, auxPrice } = wish as Record<string, number & string>
  const sign = action === 'SELL' ? 1 : -1
  let stop: number | null = orderType === 'STP' ? auxPrice! : null
  for (const { time, price, quote } of ticks) {
    if (time < START + atMs) continue
    if (orderType === 'MKT') return time
    if (orderType === 'LMT' && (action === 'BUY' ? quote.ask <= lmtPrice! : quote.bid >= lmtPrice!))
      return time
    if (stop !== null && (stop - price) * sign >= 0) return time
    if (orderType !== 'TRAIL') continue
    const own = Math.round((price - sign * auxPrice!) * 100) / 100
    stop = stop === null ? own : sign === 1 ? Math.max(stop, own) : Math.min(stop, own)
  }
  return null
}

test('an order trades in the very second in which a reader of every tick would trade it', async () => {
  const ticks = ticksOfTest()
  const simple = plans(PRICE)
    .map(([plan]) => plan!)
    .filter(({ wish }) => !['STP LMT', 'TRAIL LIMIT'].includes(String(wish.orderType)))
  await fc.assert(
    fc.asyncProperty(simple, async ({ atMs, wish }) => {
      const stage = new Stage({ market })
      const trader = new Trader(stage)
      await stage.clock.runUntil(plus(START, atMs))
      trader.place(1, { ...wish, tif: 'GTC', totalQuantity: 1, ocaGroup: '' })
      await stage.clock.runUntil(plus(START, 2 * PLACED_WITHIN_S * SECOND_MS))
      expect(stage.tws.books.all[0]!.executions[0]?.time ?? null).toBe(naive(ticks, wish, atMs))
    }),
    { numRuns: 40, seed: 11 },
  )
}, 30_000)

test('a day of resting orders costs one timer', async () => {
  const stage = new Stage({ market })
  const trader = new Trader(stage)
  let timers = 0
  const { after } = stage.clock
  const counted: Clock['after'] = (...args) => {
    timers++
    return after(...args)
  }
  Object.assign(stage.clock, { after: counted })
  for (let id = 1; id <= 10; id++)
    trader.place(id, { orderType: 'LMT', lmtPrice: 100 + id, totalQuantity: 1, tif: 'GTC' })
  expect(stage.clock.pending).toBe(1)
  timers = 0
  await stage.pass(86_400)
  expect([stage.clock.pending, trader.told().filter((line) => line.startsWith('fill'))]).toEqual([1, []])
  expect(timers).toBeLessThan(10)
})

test('a tape of minutes fills at a tick of the minute, not at its end', async () => {
  const { bars } = market.bars('SPY', sessionOn('2024-06-03', 'all')!, 'all', DAY_MS)
  const minute = {
    time: START,
    open: 100,
    high: 101,
    low: 99,
    close: 100.5,
    volume: 60_000,
    vwap: null,
    tradeCount: 50,
  }
  const series = (bars.constructor as typeof import('../../../src/market/series.ts').BarSeries).of([minute])
  const stage = new Stage({
    market: { ...market, bars: () => ({ stepMs: 60_000, bars: series, first: 0, end: 1 }) },
  })
  const trader = new Trader(stage)
  await stage.pass(10)
  trader.place(1)
  await stage.pass(5)
  const [execution] = stage.tws.books.all[0]!.executions
  expect([(execution!.time - START) / SECOND_MS, execution!.quantity]).toEqual([10, 100])
})
