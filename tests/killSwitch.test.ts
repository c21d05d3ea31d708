import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { machineClock } from '../src/clock/machine.ts'
import { unavailable } from '../src/errors.ts'
import { watchKillSwitch } from '../src/killSwitch.ts'
import { KillLatch } from '../src/trading/killLatch.ts'
import { until } from './support/client.ts'
import { manualClock } from './support/manualClock.ts'
import { temporaryFolder } from './support/processes.ts'
import { silentLog } from './support/simulator.ts'
import { newTrader } from './support/trading.ts'
import { memoryDatabase } from './support/twins/database.ts'
import { NOON } from './trading/samples.ts'

const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A service that trades, and its database, which can be away. */
async function watched() {
  const { path, remove } = await temporaryFolder()
  const { stores } = memoryDatabase()
  await stores.traders.create(newTrader())
  const latch = new KillLatch()
  const database = { isAway: false }
  const transaction: typeof stores.transaction = async (work) => {
    if (database.isAway) throw unavailable('the database is away')
    return stores.transaction(work)
  }
  const ended = new AbortController()
  const watching = watchKillSwitch(
    {
      ...{ latch, dataDir: path, log: silentLog, stores: { ...stores, transaction } },
      ...{ market: manualClock(NOON), machine: machineClock },
    },
    ended.signal,
  )
  const end = async (): Promise<void> => {
    ended.abort()
    await watching
  }
  undo.push(remove, end)
  return { path, latch, database, end, trader: () => stores.traders.find() }
}

const HALTED = { level: 'halted', cause: 'person', since: NOON }

test('a file named halt closes the latch and halts the row', async () => {
  const { path, latch, trader } = await watched()
  await writeFile(join(path, 'halt'), '')
  await until(async () => (await trader())!.level === 'halted', 5_000)
  expect(latch.reason).toBe('the file DATA_DIR/halt has halted it')
  expect(await trader()).toMatchObject({ ...HALTED, reason: latch.reason })
})

test('without the database a signal closes the latch at once; the row follows when there is one again', async () => {
  const { latch, database, trader } = await watched()
  database.isAway = true
  process.emit('SIGUSR2')
  expect(latch.reason).toBe('SIGUSR2 has halted it')
  await machineClock.sleep(1_200)
  expect((await trader())!.level).toBe('active')
  database.isAway = false
  await until(async () => (await trader())!.level === 'halted', 5_000)
  expect(await trader()).toMatchObject({ ...HALTED, reason: latch.reason })
})

test('neither a signal nor a file does anything to who no longer watches', async () => {
  const { path, latch, end } = await watched()
  await end()
  await writeFile(join(path, 'halt'), '')
  process.emit('SIGUSR2')
  await machineClock.sleep(600)
  expect(latch.reason).toBeNull()
})
