import { type Random, SECOND_MS } from '../../src/market/time.ts'
import type { Assembly } from './assembly.ts'
import { SYMBOL } from './process.ts'

export type World = Assembly & { readonly random: Random }

/** Begins, lasts, and leaves things as they would be. */
export interface Fault {
  readonly run: (world: World) => Promise<void>
  /** While it lasts nobody can do anything about a position. */
  readonly blinds: boolean
}

type Begin = (world: World) => (() => void) | undefined | Promise<(() => void) | undefined>

/** Breaks something, waits so many seconds, and mends it with what was returned. */
const during = (from: number, to: number, begin: Begin, blinds = true): Fault => ({
  blinds,
  async run(world) {
    const end = await begin(world)
    await world.clock.sleep((from + world.random() * (to - from)) * SECOND_MS)
    end?.()
  },
})

/** A fault of the simulator's catalogue, for a while. */
const armed = (from: number, to: number, fault: string, terms: object = {}, blinds = true): Fault =>
  during(from, to, ({ terminal }) => terminal.arm(fault, terms), blinds)

/** TWS goes away, and whoever comes meanwhile finds it so. */
const behind = (from: number, to: number, fault: string, terms: object = {}): Fault =>
  during(from, to, ({ terminal }) => {
    const lift = terminal.arm(fault, terms)
    terminal.reset()
    return lift
  })

const linkLost = (from: number, to: number, restored: 1101 | 1102 | null): Fault =>
  during(from, to, ({ terminal }) => terminal.loseLink(restored))

/** The process that leads is killed at one of its next doings, and started again. */
const killed = (most: number, isMeant?: (doing: string) => boolean): Fault =>
  during(1, 90, (world) => {
    world.scythe.raise(1 + Math.floor(world.random() * most), world.random, isMeant)
    return undefined
  })

const failing = (name: 'failing' | 'forgetting', percent: number): Fault =>
  during(5, 60, ({ database }) => {
    database[name] = percent
    return () => {
      database[name] = 0
    }
  })

/** What it has met is still to come when it has ended. */
const withAfterEffect = ({ run, blinds }: Fault, seconds: number): Fault => ({
  blinds,
  async run(world) {
    await run(world)
    await world.clock.sleep(seconds * SECOND_MS)
  },
})

/** The books are read every forty seconds. */
const UNTIL_COMPARED = 45

/**
 * Somebody trades the same stock in the same account by hand, and later takes it back. As long as the books differ the
 * trader stands still, and says so: it arms no stop for shares that may not be there.
 */
const traded = (side: 'BOT' | 'SLD', quantity: number): Fault =>
  withAfterEffect(
    during(20, 120, ({ tws, clock }) => {
      const trade = (side: 'BOT' | 'SLD') =>
        tws.books.record(tws.books.ids[0]!, {
          ...{ symbol: SYMBOL, side, quantity, price: tws.prices.last(SYMBOL)!, time: clock.now() },
          ...{ exchange: 'SMART', commission: 1, clientId: 0, orderId: 0, permId: 0, orderRef: '' },
        })
      trade(side)
      return () => void trade(side === 'BOT' ? 'SLD' : 'BOT')
    }),
    UNTIL_COMPARED,
  )

/** Of connections, processes and the database. */
const OUTSIDE = {
  'killed at a doing': killed(12),
  'killed at a commit': killed(3, (doing) => doing === 'transaction'),
  'killed at a write': killed(3, (doing) => doing === 'write'),
  'killed at once': during(1, 30, ({ leader }) => {
    leader()?.mortal.kill()
    return undefined
  }),
  'lease lost': during(2, 10, ({ lease }) => {
    lease.lose()
    return undefined
  }),
  'connection refused': behind(2, 60, 'refuse', { for: 3_600 }),
  'client id held': behind(2, 90, 'clientIdInUse'),
  'half open': armed(2, 40, 'halfOpen'),
  'half open for good': during(5, 40, ({ terminal }) => {
    terminal.stall()
    return undefined
  }),
  reset: armed(5, 20, 'reset'),
  'orderly close': armed(5, 20, 'close'),
  'slow network': armed(20, 60, 'latency', { with: { milliseconds: [200, 3_000] } }),
  'reset within a frame': armed(10, 25, 'resetMidFrame', { times: 1 }),
  'link lost, data lost': linkLost(2, 50, 1101),
  'link lost, data kept': linkLost(2, 50, 1102),
  'link lost for good': linkLost(60, 100, null),
  'competing session': armed(5, 20, 'notice', { with: { code: 10197 } }),
  'market data farm down': armed(5, 20, 'farmBroken', { with: { farm: 'marketData' } }),
  'read-only': armed(5, 30, 'readOnly', {}),
  'transactions fail': failing('failing', 40),
  'database away': failing('failing', 100),
  'answers of the database lost': failing('forgetting', 40),
  'bought by hand': traded('BOT', 7),
  'sold by hand': traded('SLD', 4),
} satisfies Record<string, Fault>

/** Lasts long enough to meet an order. */
const ofOrders = (fault: string, terms: object = {}, blinds = false): Fault =>
  armed(60, 240, fault, terms, blinds)

const once = { times: 1 }
/** Seconds until TWS has read an order at the latest. */
const MOST_LAG = 45

/** What may become of orders, and of what is told of them. */
const OF_ORDERS = {
  'order rejected': ofOrders('orderRejected', once),
  'order rejected with broken JSON': ofOrders('orderRejected', {
    ...once,
    with: { json: 'broken', status: 'Cancelled' },
  }),
  'order id taken': ofOrders('orderIdTaken', once),
  'order unacknowledged': ofOrders('orderUnacknowledged', once, true),
  'order read late': withAfterEffect(
    ofOrders('orderLag', { times: 2, with: { seconds: [1, MOST_LAG] } }, true),
    MOST_LAG,
  ),
  'order held for a while': ofOrders('orderHeld', { ...once, with: { seconds: 20 } }, true),
  'order held': ofOrders('orderHeld', once, true),
  'order inactive': ofOrders('orderInactive', once, true),
  'order notice': ofOrders('orderNotice', { times: 2 }),
  'filled in parts': ofOrders('partialFills', { with: { shares: 3 } }, true),
  'cancelled late': ofOrders('cancelLate', { with: { seconds: [1, 10] } }, true),
  'filled when cancelled': ofOrders('fillOnCancel'),
  'two permanent ids': ofOrders('twoPermIds', once),
  'execution corrected': ofOrders('executionCorrected', { times: 2 }),
  'order dropped': ofOrders('orderDropped', once, true),
  'order lost by a reset': ofOrders('orderLostByReset', once, true),
  'acknowledgement lost': ofOrders('acknowledgementLost', once, true),
  'stops cancelled': armed(30, 60, 'stopsCancelled', {}, false),
  'order ids reset': armed(30, 60, 'orderIdsReset', {}, false),
  'state not told': ofOrders('statusMissing'),
  'state told twice': ofOrders('statusRepeated'),
  'fill told first': ofOrders('fillBeforeStatus', {}, true),
  'execution told twice': ofOrders('executionRepeated'),
  'executions not listed': ofOrders('executionsMissing'),
  'commission late': ofOrders('commissionLate', { with: { milliseconds: [500, 5_000] } }),
  'commission not told': ofOrders('commissionMissing'),
  'commission not set': ofOrders('commissionUnset'),
  'completed orders not listed': ofOrders('completedMissing'),
  'position in two parts': ofOrders('positionInParts'),
} satisfies Record<string, Fault>

/** Those of one row come one after the other, those of two rows at the same time. */
export const FAULTS: readonly Readonly<Record<string, Fault>>[] = [OUTSIDE, OF_ORDERS]

/** One of them alone; `none` is none. */
export function faultsNamed(only: string): typeof FAULTS {
  const rows = FAULTS.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name === only)))
  if (only !== 'none' && rows.every((row) => row[only] === undefined))
    throw new Error(`no such fault: ${only}`)
  return rows
}
