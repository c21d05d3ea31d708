import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished } from 'vitest'
import { type Books, disagreements } from '../support/books.ts'
import { allItems, getJson, until } from '../support/client.ts'
import { createDatabase, dropDatabase } from '../support/databases.ts'
import { type Running, runService, runSimulator, temporaryFolder, tokenIn } from '../support/processes.ts'
import { sawtooth } from './sawtooth.ts'

/**
 * A simulator of its own, a database, and services that trade on it, until the test that asks for them has ended: one
 * that runs beside others hands in its own `onFinished`.
 */
export async function tradingStage(world: Record<string, string> = {}, onFinished = onTestFinished) {
  const undo: (() => Promise<unknown>)[] = []
  onFinished(async () => {
    for (const step of undo.reverse()) await step()
  })
  const kept = async (starting: Promise<Running>): Promise<Running> => {
    const process = await starting
    undo.push(() => process.end('SIGKILL'))
    return process
  }
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
      const service = await kept(runService({ ...own, ...env }))
      undo.push(() => tellOf(service))
      return tradingService(service, path)
    },
  }
}

/** The one that a service takes when nothing else is said. */
const CLIENT_ID = 17

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
  post(path: string, body: object): Promise<Response>
}

/** With DEBUG_TRADING what has become of it. */
async function tellOf(running: Running): Promise<void> {
  if (process.env.DEBUG_TRADING === undefined) return
  const lines = running.output().split('\n')
  const told = lines.filter((line) => !line.includes('progress'))
  console.log(told.slice(-60).join('\n'))
  const all = await allItems<LiveDecision>(`${running.address}/v1/decisions?`)
  for (const { time, outcome, action, hindrance } of all)
    console.log(`${time} ${action} ${outcome} ${hindrance}`)
  console.log(JSON.stringify(await allItems(`${running.address}/v1/orders?`)).replaceAll('},{', '},\n{'))
  console.log(await getJson(`${running.address}/v1/trader`))
}

async function tradingService(running: Running, path: string): Promise<TradingService> {
  const token = await tokenIn(path)
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
    post: (to, body) => command('POST', to, body),
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
