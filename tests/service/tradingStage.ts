import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, inject } from 'vitest'
import { allItems, getJson, until } from '../support/client.ts'
import { createDatabase, dropDatabase } from '../support/database.ts'
import { type Running, runService, runSimulator, temporaryFolder } from '../support/processes.ts'
import { sawtooth } from './sawtooth.ts'

const undo: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

async function kept(starting: Promise<Running>): Promise<Running> {
  const process = await starting
  undo.push(() => process.end('SIGKILL'))
  return process
}

export interface Books {
  /** The market's. */
  readonly now: string
  readonly cash: number
  readonly positions: readonly { readonly symbol: string; readonly quantity: number }[]
  readonly orders: readonly BookOrder[]
  readonly executions: readonly BookExecution[]
  readonly nakedSpans: readonly { readonly from: string; readonly to: string | null }[]
}

interface BookOrder {
  readonly orderId: number
  readonly permId: number
  readonly action: 'BUY' | 'SELL'
  readonly orderType: string
  readonly status: string
  readonly orderRef: string
  readonly filled: number
}

interface BookExecution {
  readonly id: string
  readonly orderId: number
  readonly side: 'BOT' | 'SLD'
  readonly quantity: number
  readonly price: number
  readonly orderRef: string
}

/** A strategy that trades every few candles of a sawtooth, and limits that let it. */
export const BUSY = {
  strategy: { left: 1, right: 1, length: 3, ties: 'any', stop: 'latest' },
  limits: {
    ...{ ordersPerMinute: 100, entriesPerMinute: 100, ordersPerDay: 10_000, entriesPerDay: 10_000 },
    ...{ roundTripsBeforeReducing: 10_000, rejectsBeforeReducing: 10_000 },
    // A machine that is busy besides makes seconds of a fast market long.
    ...{ maxClockSkewMs: 60_000, maxDecisionAgeMs: 40_000, maxBarAgeMs: 300_000 },
    ...{ maxReconcileAgeMs: 600_000, entryLifeMs: 120_000 },
  },
}

/** A simulator of its own, a database, and services that trade on it. */
export async function tradingStage(world: Record<string, string> = {}) {
  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  const tape = world.SIM_SEED === undefined ? { SIM_TAPE: await sawtooth(path, '2024-06-03') } : {}
  const simulator = await kept(
    runSimulator({ SIM_SPEED: '20', SIM_START: '2024-06-03T14:30:00Z', ...tape, ...world }),
  )
  const database = await createDatabase(inject('templateUrl'))
  undo.push(() => dropDatabase(database))
  const account = world.SIM_ACCOUNT_IDS ?? 'DU1234567'
  const control = `http://${simulator.address}`
  const ask = async (method: string, to: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${control}${to}`, { method, body: body ? JSON.stringify(body) : null })
    if (!response.ok) throw new Error(`${response.status} ${to}: ${await response.text()}`)
    return response.json()
  }
  return {
    books: () => getJson<Books>(`${control}/accounts/${account}/books`),
    /** Arms a fault. Returns what ends it. */
    async fault(fault: string, more: object = {}): Promise<() => Promise<unknown>> {
      const { id } = (await ask('POST', '/faults', { fault, ...more })) as { id: number }
      return () => ask('DELETE', `/faults/${id}`)
    },
    switches: (changed: object) => ask('POST', '/switches', changed),
    /** Closes the connection of a client. */
    disconnect: (clientId = CLIENT_ID) => ask('POST', `/clients/${clientId}/disconnect`),
    /** The ids of the clients that are connected. */
    async clients(): Promise<readonly (number | null)[]> {
      const { connections } = await getJson<{ connections: { clientId: number | null }[] }>(
        `${control}/status`,
      )
      return connections.map(({ clientId }) => clientId)
    },
    async service(env: Record<string, string> = {}, trader?: object): Promise<TradingService> {
      const config = join(path, 'trader.json')
      if (trader !== undefined) await writeFile(config, JSON.stringify(trader))
      const own = {
        ...{ DATABASE_URL: database, DATA_DIR: path, SIM_ATTACH: simulator.address },
        BACKFILL_SESSIONS: '2',
        ...(trader !== undefined && { TRADER_CONFIG: config }),
      }
      return tradingService(await kept(runService({ ...own, ...env })), path)
    },
  }
}

/** The one that a service takes when nothing else is said. */
const CLIENT_ID = 17

interface Order {
  readonly orderId: number | null
  readonly orderRef: string
  readonly permId: number | null
  readonly purpose: string
  readonly state: string
  readonly filled: number
  readonly code: string | null
}

export interface LiveDecision {
  readonly time: string
  readonly outcome: string
  readonly action: string
  readonly hindrance: string | null
  readonly candle: { readonly close: number }
}

export interface TradingService extends Running {
  trader(): Promise<{ state: string; reason: string | null; warmup: object | null }>
  list<T>(name: string, query?: string): Promise<T[]>
  /** Whether the broker's books were equal to its own when last compared. */
  reconciled(): Promise<boolean>
  put(body: object): Promise<Response>
  flatten(): Promise<Response>
}

async function tradingService(running: Running, path: string): Promise<TradingService> {
  const token = (await readFile(join(path, 'token'), 'utf8')).trim()
  undo.push(async () => {
    if (process.env.DEBUG_TRADING === undefined) return
    console.log(
      running
        .output()
        .split('\n')
        .filter((l) => !l.includes('progress'))
        .slice(-60)
        .join('\n'),
    )
    const all = await allItems<LiveDecision>(`${running.address}/v1/decisions?`)
    console.log(
      all
        .map(({ time, outcome, action, hindrance }) => `${time} ${action} ${outcome} ${hindrance}`)
        .join('\n'),
    )
    console.log(JSON.stringify(await allItems(`${running.address}/v1/orders?`)).replaceAll('},{', '},\n{'))
    console.log(await getJson(`${running.address}/v1/trader`))
  })
  const command = (method: string, to: string, body?: object): Promise<Response> =>
    fetch(`${running.address}${to}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: body ? JSON.stringify(body) : null,
    })
  return {
    ...running,
    trader: () => getJson(`${running.address}/v1/trader`),
    list: (name, query = '') => allItems(`${running.address}/v1/${name}?${query}`),
    reconciled: async () =>
      (await getJson<{ reconciled: boolean }>(`${running.address}/v1/positions`)).reconciled,
    put: (body) => command('PUT', '/v1/trader', body),
    flatten: () => command('POST', '/v1/trader/flatten'),
  }
}

export const untilState = (service: TradingService, state: string, deadlineMs = 60_000): Promise<void> =>
  until(async () => (await service.trader()).state === state, deadlineMs)

/** Once nothing is under way, what a service tells is what the broker's books say. Fails with what differs. */
export async function untilAgreed(service: TradingService, books: () => Promise<Books>): Promise<void> {
  let last: string[] = []
  const agree = async () => {
    last = await disagreements(service, books)
    return last.length === 0
  }
  await until(agree, 15_000).catch(() => {})
  expect(last).toEqual([])
}

/** Spans of more than five market seconds in which the broker held a position of ours without a stop below it. */
export const nakedTooLong = ({ nakedSpans }: Books): object[] =>
  nakedSpans.filter(({ from, to }) => to === null || Date.parse(to) - Date.parse(from) > 5_000)

/** How what a service tells differs from the broker's own books; empty when it does not. */
async function disagreements(service: TradingService, books: () => Promise<Books>): Promise<string[]> {
  const truth = await books()
  const [orders, executions, positions] = await Promise.all([
    service.list<Order>('orders'),
    service.list<{ id: string; revision: number; quantity: number; price: number; side: string }>(
      'executions',
    ),
    service.list<{ quantity: number }>('positions'),
  ])
  const held = truth.positions.reduce((sum, { quantity }) => sum + quantity, 0)
  const told = positions.reduce((sum, { quantity }) => sum + quantity, 0)
  const known = new Map(
    executions.map(({ id, side, quantity, price }) => [id, `${side} ${quantity} @ ${price}`]),
  )
  return [
    ...(held === told ? [] : [`${held} shares are held, and ${told} told`]),
    ...truth.executions.flatMap(({ id, side, quantity, price }) => {
      const said = known.get(id.replace(/\.\d+$/, ''))
      const is = `${side === 'BOT' ? 'buy' : 'sell'} ${quantity} @ ${price}`
      return said === is ? [] : [`execution ${id} is ${is}, and told as ${said}`]
    }),
    ...(executions.length === truth.executions.length ? [] : ['another number of executions is told']),
    ...truth.orders.flatMap(({ orderId, orderRef, status, filled }) => {
      const said = orders.find((order) => order.orderRef === orderRef)
      if (said === undefined) return [`order ${orderId} (${orderRef}) is not told`]
      return said.filled === filled && STATES[said.state]?.includes(status)
        ? []
        : [
            `order ${orderId} is ${status}, ${filled} filled, and told as ${said.state}, ${said.filled} filled`,
          ]
    }),
  ]
}

const STATES: Readonly<Record<string, readonly string[]>> = {
  working: ['PreSubmitted', 'Submitted', 'PendingSubmit'],
  sending: ['PreSubmitted', 'Submitted', 'PendingSubmit'],
  partial: ['Submitted'],
  held: ['PreSubmitted', 'Inactive'],
  cancelling: ['PendingCancel', 'PreSubmitted', 'Submitted'],
  filled: ['Filled'],
  cancelled: ['Cancelled', 'ApiCancelled'],
  rejected: ['Inactive', 'Cancelled'],
}
