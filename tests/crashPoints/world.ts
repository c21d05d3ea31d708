import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPool } from '../../db/connect.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import { sessionOn } from '../../src/market/session.ts'
import { DAY_MS, MINUTE_MS, plus } from '../../src/market/time.ts'
import { BUSY, sawtooth } from '../service/sawtooth.ts'
import { spy } from '../support/bars.ts'
import { type Books, disagreements } from '../support/books.ts'
import { allItems, getJson, until } from '../support/client.ts'
import { createDatabase, dropDatabase, nameOf } from '../support/databases.ts'
import { type Running, run, runSimulator, temporaryFolder, tokenIn } from '../support/processes.ts'
import { faultsIn } from './judge.ts'
import type { Life } from './service.ts'

/** Trades at every turn, and is let to: what was decided before a death may still be sent after the next start. */
const TRADER = {
  ...BUSY,
  limits: { ...BUSY.limits, maxDecisionAgeMs: 55_000, entryLifeMs: 3_600_000 },
}
const DAY = '2024-06-03'
const { from: OPEN, to: CLOSE } = sessionOn(DAY, 'rth')!
/** What a process that comes to no step lives for, and what closing a position takes, at twenty times real speed. */
const LAST_MS = 75 * MINUTE_MS
const ACCOUNT = 'DU1234567'
/** A process that comes to no step of an order within this time trades no more. */
const IDLE_MS = 150_000
const LAST_WORDS = 1_000
/** An order whose fate is unknown is given up after a minute. */
const UNTIL_ABSENT_MS = 90_000

/** How a process has ended. */
export interface Death {
  /** The step that was its end; null when there was none. */
  readonly step: string | null
  readonly passed: readonly string[]
  /** What is wrong with it, or with the broker's books after it. */
  readonly wrong: readonly string[]
  readonly output: string
}

export interface Scene {
  /** A migrated database that nobody connects to. */
  readonly templateUrl: string
  /** A bug of our own, or null. */
  readonly plant: string | null
  /** Shares that trade in each second: with few of them an order fills in parts. */
  readonly volume: number
}

/** A simulator and a database that outlive the processes of a service. */
export async function openWorld({ templateUrl, plant, volume }: Scene) {
  const { path, remove } = await temporaryFolder()
  const tape = { SIM_TAPE: await sawtooth(path, DAY, volume), SIM_START: `${DAY}T13:45:30Z` }
  const simulator = await runSimulator({ SIM_SPEED: '20', ...tape })
  const database = await createDatabase(templateUrl, nameOf(templateUrl))
  await knowPast(database)
  const config = join(path, 'trader.json')
  await writeFile(config, JSON.stringify(TRADER))
  const env = {
    ...{ DATABASE_URL: database, DATA_DIR: path, SIM_ATTACH: simulator.address, PORT: '0' },
    ...{ BACKFILL_SESSIONS: '0', TRADER_CONFIG: config },
  }
  const spare = () =>
    run({ ...{ script: 'tests/crashPoints/service.js', env }, up: /^(waits)$/m, deadlineMs: IDLE_MS })
  let next = spare()
  /** The next process is loaded while this one lives: it begins the moment that it dies. */
  const start = async (life: Life): Promise<Running> => {
    const service = await next
    next = spare()
    next.catch(() => {}) // told by the next start
    service.tell(JSON.stringify(life))
    return service
  }
  const books = () => getJson<Books>(`http://${simulator.address}/accounts/${ACCOUNT}/books`)
  return {
    books,
    /** Too little of the day is left for an entry and an exit. */
    isOver: async () => Date.parse((await books()).now) > CLOSE - LAST_MS,
    /** One process, until it dies. */
    async live(spared: readonly string[]): Promise<Death> {
      const service = await start({ spared, plant })
      const person = attended(service, path)
      const isIdle = await Promise.race([service.ended.then(() => false), sleep(IDLE_MS).then(() => true)])
      person.stop()
      const idle = isIdle ? [await standing(service)] : []
      if (isIdle) await service.end('SIGKILL')
      const output = service.output()
      const death = deathOf(output)
      const early = death.step === null && !isIdle ? [`it ended by itself: ${output.slice(-LAST_WORDS)}`] : []
      return { ...death, wrong: [...idle, ...early, ...faultsIn(await books())], output }
    },
    /** A last process sells what is held and lives on: what differs between what it tells and the books. */
    async settle(): Promise<string[]> {
      const service = await start({ spared: null, plant })
      const wrong = await settled(service, path, books)
      await service.end('SIGTERM')
      return [...wrong, ...faultsIn(await books())]
    },
    async close(): Promise<void> {
      await next.then(
        (service) => service.end('SIGKILL'),
        () => {},
      )
      await simulator.end('SIGKILL')
      await dropDatabase(database)
      await remove()
    },
  }
}

/** The sessions before have nothing, and that is known: a warm-up asks for none of them. */
async function knowPast(url: string): Promise<void> {
  const pool = openPool({ url, purpose: 'jobs', log: createLog('error') })
  const stores = openStores(pool, { clock: machineClock, random: Math.random })
  const instrument = await stores.instruments.save(spy)
  await stores.coverage.mark(instrument, '1s', { from: plus(OPEN, -14 * DAY_MS), to: OPEN }, 'done')
  await pool.end()
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())

function deathOf(output: string): Pick<Death, 'step' | 'passed'> {
  const all = (word: string) =>
    [...output.matchAll(new RegExp(`^${word} (.+)$`, 'gm'))].map((found) => found[1]!)
  return { step: all('dies')[0] ?? null, passed: all('passes') }
}

const addressOf = ({ output }: Running): string | null => /^API (.+)$/m.exec(output())?.[1] ?? null

type Command = readonly [method: 'PUT' | 'POST', route: string, body: object]

const RESUME: Command = ['PUT', '/v1/trader', { state: 'active' }]
const FLATTEN: Command = ['POST', '/v1/trader/flatten', {}]

async function order(address: string, path: string, [method, route, body]: Command): Promise<void> {
  const token = await tokenIn(path)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const response = await fetch(`${address}${route}`, { method, headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${response.status} ${route}: ${await response.text()}`)
}

async function standing(service: Running): Promise<string> {
  const address = addressOf(service)
  const trader = await getJson(`${address}/v1/trader`).catch(String)
  const orders = await getJson(`${address}/v1/orders?limit=4`).catch(String)
  return `it came to no step of an order: ${JSON.stringify({ trader, orders })}`
}

/** A person looks on: so many deaths are taken for a crash loop, and he says each time that all is well. */
function attended(service: Running, path: string): { stop: () => void } {
  const look = async (): Promise<void> => {
    const address = addressOf(service)
    if (address === null) return
    const { state, reason } = await getJson<{ state: string; reason: string | null }>(`${address}/v1/trader`)
    if (state === 'halted' && reason?.includes('it was started')) await order(address, path, RESUME)
  }
  const timer = setInterval(() => void look().catch(() => {}), 500)
  return { stop: () => clearInterval(timer) }
}

async function settled(service: Running, path: string, books: () => Promise<Books>): Promise<string[]> {
  await until(async () => addressOf(service) !== null, 20_000)
  const address = addressOf(service)!
  const list = <T>(name: string): Promise<T[]> => allItems(`${address}/v1/${name}?`)
  await order(address, path, FLATTEN)
  const isFlat = async () => (await books()).positions.every(({ quantity }) => quantity === 0)
  const flat = await until(isFlat, 60_000).then(
    () => [],
    () => ['the position was not closed within 60 s'],
  )
  let last: string[] = []
  const agree = async () => {
    last = await disagreements({ list }, books)
    return last.length === 0
  }
  await until(agree, UNTIL_ABSENT_MS).catch(() => {})
  return [...flat, ...last, ...(await twiceDecided(list))]
}

/** What each entry was for, the books do not say. */
async function twiceDecided(list: <T>(name: string) => Promise<T[]>): Promise<string[]> {
  const orders = await list<{ purpose: string; filled: number; candleTime: string }>('orders')
  const entered = orders.filter(({ purpose, filled }) => purpose === 'entry' && filled > 0)
  const candles = entered.map(({ candleTime }) => candleTime)
  return candles
    .filter((time, i) => candles.indexOf(time) < i)
    .map((time) => `the candle of ${time} is entered twice`)
}
