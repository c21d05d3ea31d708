import { readdir } from 'node:fs/promises'
import type { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { LOCK_SPACE, LOCKS } from '../../db/locks.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { BarSeries } from '../../src/market/series.ts'
import { DAY_MS, epochMs, isoInstant, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import { bar, spy } from '../support/bars.ts'
import { until } from '../support/client.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type Running, runService, temporaryFolder, tokenIn } from '../support/processes.ts'

const running: Running[] = []
const undo: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  for (const step of undo) await step()
})

interface Stage {
  /** Where the services keep what they keep, and what is temporary. */
  readonly folder: string
  readonly database: TestDatabase
  readonly instrument: Instrument
  /** A service on the database, on a weekend of 2024: nothing is collected. */
  start(): Promise<Running>
  /** Sends to a service with its token. */
  post(service: Running, path: string, body: string): Promise<Response>
}

async function stage(): Promise<Stage> {
  const database = await testDatabase()
  const { path, remove } = await temporaryFolder()
  undo.push(database.drop, remove)
  const env = {
    TMPDIR: path,
    DATA_DIR: path,
    DATABASE_URL: database.url,
    SIM_START: '2024-06-01T05:00:00Z',
    BACKFILL_SESSIONS: '0',
    RETENTION: '365d',
  }
  return {
    folder: path,
    database,
    instrument: await database.stores.instruments.save({ ...spy, symbol: 'IBM' }),
    async start() {
      const service = await runService(env)
      running.push(service)
      return service
    },
    async post({ address }, to, body) {
      const token = await tokenIn(path)
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' }
      return fetch(`${address}${to}`, { method: 'POST', headers, body })
    },
  }
}

async function count(pool: Pool, from: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`select count(*)::int from ${from}`)
  return rows[0]!.count
}

/** The server notices that a client is gone when it next looks at the connection. */
const unlocked = (pool: Pool) =>
  until(
    async () =>
      (await count(
        pool,
        `pg_locks join pg_database on pg_database.oid = database where datname = current_database()
        and locktype = 'advisory' and classid = ${LOCK_SPACE} and objid > ${LOCKS.instruments}`,
      )) === 0,
    5_000,
  )

const FIRST = parseInstant('2013-01-02T14:30:00Z')
const SECONDS = 100_000
const HALF_OF_IT_BYTES = 4_000_000

function file(): string {
  const lines = Array.from(
    { length: SECONDS },
    (_, i) => `${isoInstant(plus(FIRST, i * SECOND_MS))},100.1,100.2,100,100.15,${i % 50}`,
  )
  return `${['time,open,high,low,close,volume', ...lines].join('\n')}\n`
}

test('of an import whose service is killed nothing stays, and the same file is taken afterwards', async () => {
  const { folder, database, start, post } = await stage()
  const { pool } = database
  const send = (service: Running) => post(service, '/v1/bars/imports?symbol=IBM&size=1s', file())
  const first = await start()
  const broken = send(first).catch((error: Error) => error)
  const written = async () =>
    (await pool.query("select pg_total_relation_size('second_bars_2013_01')::int as bytes")).rows[0].bytes
  await until(async () => (await written()) > HALF_OF_IT_BYTES, 10_000)
  await first.end('SIGKILL')
  expect(await broken).toBeInstanceOf(Error)

  await unlocked(pool)
  expect(await readdir(folder)).toEqual(['token', 'webhook.key'])
  for (const table of ['second_bars', 'rollups', 'coverage', 'quarantine', 'revisions'])
    expect([table, await count(pool, table)]).toEqual([table, 0])

  const second = await start()
  expect(await (await send(second)).json()).toMatchObject({ inserted: SECONDS, unchanged: 0 })
  expect(await (await send(second)).json()).toMatchObject({ inserted: 0, updated: 0, unchanged: SECONDS })
  expect(await count(pool, 'second_bars')).toBe(SECONDS)
  expect(await second.end('SIGTERM')).toBe(0)
}, 60_000)

const DAYS = 60
const SECONDS_OF_A_DAY = 1_500

const dayOf = (day: number) =>
  BarSeries.of(
    Array.from({ length: SECONDS_OF_A_DAY }, (_, i) =>
      bar(0, { time: plus(FIRST, day * DAY_MS + i * SECOND_MS), volume: i }),
    ),
  )

test('of days on their way into archives when their service is killed each is in one place, whole', async () => {
  const { database, instrument, start, post } = await stage()
  const { pool, stores } = database
  for (let day = 0; day < DAYS; day++) await stores.bars.load(instrument, '1s', dayOf(day))
  const read = async () => {
    const range = { from: FIRST, to: epochMs(FIRST + DAYS * DAY_MS) }
    return [...(await stores.bars.between({ instrument, size: '1s', ...range }))]
  }
  const before = await read()
  const run = (service: Running, job: string) => post(service, `/v1/jobs/${job}/runs`, '')
  const leading = async () => {
    const service = await start()
    await until(async () => (await run(service, 'report-progress')).ok, 10_000)
    return service
  }
  const first = await leading()
  const broken = run(first, 'archive-seconds').catch((error: Error) => error)
  await until(async () => (await count(pool, 'archives')) > 0, 10_000)
  await first.end('SIGKILL')
  expect(await broken).toBeInstanceOf(Error)

  await unlocked(pool)
  const moved = await count(pool, 'archives')
  expect(moved).toBeLessThan(DAYS)
  expect(await count(pool, 'second_bars')).toBe((DAYS - moved) * SECONDS_OF_A_DAY)
  expect(await read()).toEqual(before)

  const second = await leading()
  expect((await run(second, 'archive-seconds')).status).toBe(201)
  expect([await count(pool, 'archives'), await count(pool, 'second_bars')]).toEqual([DAYS, 0])
  expect(await read()).toEqual(before)
  expect(await second.end('SIGTERM')).toBe(0)
}, 60_000)
