import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { backup } from '../../db/backup/backup.ts'
import { restore } from '../../db/backup/restore.ts'
import { openPool } from '../../db/connect.ts'
import { openStorage } from '../../db/storage.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import { BarSeries } from '../../src/market/series.ts'
import { DAY_MS, plus } from '../../src/market/time.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { bar, EVENING, spy } from '../support/bars.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createDatabase, dropDatabase } from '../support/databases.ts'
import { newDecision, newExecution, newIntent, newTrader } from '../support/trading.ts'

const log = createLog('error')
const RANGE = { from: plus(EVENING, -DAY_MS), to: plus(EVENING, DAY_MS) }

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backup-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A trader that holds 60 shares; the stop is sorted before the entry that it refers to. */
async function trade({ traders, intents, executions, decisions }: Stores): Promise<void> {
  await traders.create(newTrader({ lastOrderId: 8, day: { date: '2014-01-31', startEquity: 100_000.07 } }))
  await traders.recordStart(EVENING, EVENING)
  const entry = await intents.create(newIntent({ id: 'b' }))
  await intents.create(newIntent({ id: 'a', purpose: 'stop', parent: entry.id, stopPrice: 177.115 }))
  await intents.record({
    intent: entry.id,
    orderId: entry.orderId,
    at: EVENING,
    kind: 'sent',
    detail: '{"a": 1}',
  })
  const booked = await executions.book(newExecution({ intent: entry.id }))
  await executions.book(newExecution({ intent: entry.id, root: booked!.root, revision: 2, quantity: 60 }))
  await decisions.add(newDecision(0, { intent: entry.id }))
}

const journalOf = async ({ traders, intents, executions, decisions }: Stores) => ({
  trader: await traders.find(),
  intents: await intents.list({ limit: 9 }),
  events: await intents.events('b'),
  executions: await executions.ours(),
  position: await executions.position('SPY'),
  decision: await decisions.latest('SPY'),
})

/** A database with seconds on both sides of a month's end, a backtest, a trade, and a token beside it. */
let source: TestDatabase
let dataDir: string
beforeAll(async () => {
  source = await testDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'backup-data-'))
  await writeFile(join(dataDir, 'token'), 'secret', { mode: 0o600 })
  const instrument = await source.stores.instruments.save(spy)
  const seconds = BarSeries.of(Array.from({ length: 2_400 }, (_, i) => bar(i)))
  await source.stores.bars.upsert(instrument, '1s', seconds)
  await source.stores.backtests.create('{"note":"a\\nnewline\\tand a tab"}')
  await trade(source.stores)
  return async () => {
    await source.drop()
    await rm(dataDir, { recursive: true })
  }
})

async function emptyDatabase() {
  const url = await createDatabase(source.url)
  onTestFinished(() => dropDatabase(url))
  return url
}

async function madeBackup() {
  const folder = join(await scratch(), 'made')
  return { folder, manifest: await backup({ url: source.url, folder, dataDir }) }
}

test('what is restored reads as what was backed up, and goes on numbering where it stood', async () => {
  const { folder, manifest } = await madeBackup()
  const url = await emptyDatabase()
  const target = await scratch()
  expect(await restore({ url, folder, dataDir: target }, log)).toEqual(manifest)
  const pool = openPool({ url, purpose: 'jobs', log })
  onTestFinished(() => pool.end())
  const stores = openStores(pool, { clock: machineClock, random: Math.random })
  const [instrument] = await stores.instruments.list()
  const query = { instrument: instrument!, size: '1s' as const, ...RANGE }
  expect([...(await stores.bars.between(query))]).toEqual([...(await source.stores.bars.between(query))])
  expect((await stores.backtests.list({ limit: 10 })).map(({ request }) => request)).toEqual([
    '{"note":"a\\nnewline\\tand a tab"}',
  ])
  const [before] = await source.stores.backtests.list({ limit: 1 })
  const after = await stores.backtests.create('{}')
  expect((await stores.backtests.list({ limit: 2 })).map(({ id }) => id)).toEqual([after.id, before!.id])
  expect(await journalOf(stores)).toEqual(await journalOf(source.stores))
  expect(await stores.executions.position('SPY')).toBe(60)
  await expect(pool.query('delete from order_events')).rejects.toThrow('is a journal')
  expect((await openStorage(pool).use()).tables.length).toBeGreaterThan(0)
  expect(await readFile(join(target, 'token'), 'utf8')).toBe('secret')
})

test('a file that was changed is found out, and nothing is restored', async () => {
  const { folder } = await madeBackup()
  const file = join(folder, 'second_bars.copy.gz')
  const text = gunzipSync(await readFile(file)).toString()
  await writeFile(file, gzipSync(text.replace('1781500', '1781501')))
  const url = await emptyDatabase()
  await expect(restore({ url, folder, dataDir: await scratch() }, log)).rejects.toThrow(
    'second_bars does not come out as it was backed up: nothing was restored',
  )
  const pool = openPool({ url, purpose: 'jobs', log })
  onTestFinished(() => pool.end())
  expect((await pool.query('select from instruments')).rowCount).toBe(0)
})

test('nothing is restored over what is there, and no folder is overwritten', async () => {
  const { folder } = await madeBackup()
  await expect(restore({ url: source.url, folder, dataDir }, log)).rejects.toThrow(
    'the database is not empty',
  )
  await expect(backup({ url: source.url, folder, dataDir })).rejects.toThrow('is not empty')
})

test.each([
  ['no manifest', null, 'holds no whole backup'],
  ['a torn manifest', '{"format":', 'no list of contents'],
  ['another format', '{"format":2}', 'no list of contents'],
])('a folder with %s is refused', async (_name, text, told) => {
  const folder = await scratch()
  if (text !== null) await writeFile(join(folder, 'manifest.json'), text)
  await expect(restore({ url: source.url, folder, dataDir }, log)).rejects.toThrow(told)
})

test('a backup of another version is refused by name', async () => {
  const { folder, manifest } = await madeBackup()
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, migration: 1 }))
  await expect(restore({ url: await emptyDatabase(), folder, dataDir }, log)).rejects.toThrow(
    'another version of this program',
  )
})

test('a backup beside writers is of one moment', async () => {
  let goesOn = true
  const writing = (async () => {
    for (let i = 0; goesOn; i++) {
      // A backtest and an instrument are written in one transaction: a backup holds as many of one as of the other.
      await source.stores.transaction(async (stores) => {
        await stores.instruments.save({ ...spy, symbol: `W${i}` })
        await stores.backtests.create(`{"w":${i}}`)
      })
    }
  })()
  const { manifest } = await madeBackup()
  goesOn = false
  await writing
  const rowsOf = (name: string) => manifest.tables.find((table) => table.name === name)!.rows
  expect(rowsOf('backtests')).toBeGreaterThan(1)
  expect(rowsOf('backtests') - 1).toBe(rowsOf('instruments') - 1)
})
