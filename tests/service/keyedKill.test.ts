import { afterAll, beforeAll, expect, test } from 'vitest'
import { spy } from '../support/bars.ts'
import { until } from '../support/client.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type Running, runService, temporaryFolder, tokenIn } from '../support/processes.ts'

let database: TestDatabase
let folder: string
let service: Running
const undo: (() => Promise<unknown>)[] = []

/** Runs in the service: what every object inherits from, when it ends. */
const TELL_AT_EXIT = "process.on('exit', () => console.log('frozen:', Object.isFrozen(Object.prototype)))"

/** On a weekend of 2024: nothing is collected or traded. */
async function start(): Promise<void> {
  service = await runService({
    TMPDIR: folder,
    DATA_DIR: folder,
    DATABASE_URL: database.url,
    SIM_START: '2024-06-01T05:00:00Z',
    BACKFILL_SESSIONS: '0',
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL_AT_EXIT)}`,
  })
}

beforeAll(async () => {
  database = await testDatabase()
  const { path, remove } = await temporaryFolder()
  folder = path
  undo.push(database.drop, remove)
  await database.stores.instruments.save({ ...spy, symbol: 'IBM' })
  await start()
})

afterAll(async () => {
  await service.end('SIGKILL')
  for (const step of undo) await step()
})

async function send(method: string, path: string, body: object | null, key?: string): Promise<Response> {
  const token = await tokenIn(folder)
  const headers = {
    authorization: `Bearer ${token}`,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(body === null ? {} : { 'content-type': 'application/json' }),
  }
  return fetch(`${service.address}${path}`, {
    method,
    headers,
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
}

/** From now on the answer of a key waits in the database, after the work for it has been committed. */
const HOLD = `
  create function hold() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
  create trigger hold before update on idempotency_keys for each row
    when (old.status is null and new.status is not null) execute function hold()`
const LET_GO = 'drop trigger hold on idempotency_keys; drop function hold'
const HELD = "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"

/** Sends a command and kills the service between its work and its answer; then it is started again. */
async function cutShort(path: string, body: object | null, key: string): Promise<void> {
  await database.pool.query(HOLD)
  const broken = send('POST', path, body, key).catch((error: Error) => error)
  await until(async () => (await database.pool.query(HELD)).rowCount === 1, 5_000)
  await service.end('SIGKILL')
  expect(await broken).toBeInstanceOf(Error)
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and wait_event = 'PgSleep'`,
  )
  await database.pool.query(LET_GO)
  await start()
}

const replayed = (answer: Response) => answer.headers.get('idempotent-replayed') === 'true'

test('a backfill whose answer was lost to a kill -9 is the same backfill when it is asked for again', async () => {
  const body = { symbol: 'IBM', from: '2024-05-28T13:30:00Z', to: '2024-05-28T20:00:00Z' }
  await cutShort('/v1/backfills', body, 'k1')
  const [made, ...more] = await database.stores.backfills.list({ limit: 9 })
  expect(more).toEqual([])

  const again = await send('POST', '/v1/backfills', body, 'k1')
  expect([again.status, replayed(again)]).toEqual([202, false])
  expect(await again.json()).toMatchObject({ id: made!.id })
  const third = await send('POST', '/v1/backfills', body, 'k1')
  expect([third.status, replayed(third)]).toEqual([202, true])
  expect(await third.json()).toMatchObject({ id: made!.id })
  expect(await database.stores.backfills.list({ limit: 9 })).toHaveLength(1)
  const other = await send('POST', '/v1/backfills', { ...body, session: 'all' }, 'k1')
  expect(other.status).toBe(422)
})

test('a command to the trader whose answer was lost to a kill -9 holds, and is answered when sent again', async () => {
  const trader = async () => (await database.stores.traders.find())!
  const path = '/v1/trader/flatten'
  await until(async () => (await database.stores.traders.find()) !== null, 10_000)
  await cutShort(path, null, 'k2')
  expect(await trader()).toMatchObject({ level: 'halted' })
  const again = await send('POST', path, null, 'k2')
  expect([again.status, replayed(again)]).toEqual([202, false])

  // Once answered, the key stands for that command alone: what a person has said since stays.
  await send('PUT', '/v1/trader', { state: 'off' })
  const third = await send('POST', path, null, 'k2')
  expect([third.status, replayed(third)]).toEqual([202, true])
  expect(await trader()).toMatchObject({ level: 'off', isFlattening: false })
})

test('the audit log tells of each attempt, and that the first had no end', async () => {
  const entries = (await database.stores.audit.list({ limit: 99 })).reverse()
  const of = (operation: string) => entries.filter((entry) => entry.operation === operation)
  for (const operation of ['addBackfill', 'flattenTrader']) {
    const [first, second, ended, ...more] = of(operation)
    expect([first!.kind, second!.kind, ended!.kind]).toEqual(['asked', 'asked', 'answered'])
    expect(ended!.asked).toBe(second!.sequence)
    expect(more).toEqual([])
  }
  expect(of('flattenTrader').at(-1)).toMatchObject({ after: 'halted', scope: 'trade' })
  expect(of('changeTrader')).toMatchObject([
    { before: 'halted', after: null },
    { before: 'halted', after: 'off' },
  ])
})

test('in all that time nothing could be added to what every object inherits from', async () => {
  expect(await service.end('SIGTERM')).toBe(0)
  await service.ended
  expect(service.output()).toContain('frozen: true')
})
