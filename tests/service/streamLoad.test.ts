import { afterAll, expect, inject, test } from 'vitest'
import { openPool } from '../../db/connect.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import { createDatabase, dropDatabase } from '../support/databases.ts'
import { runService, temporaryFolder } from '../support/processes.ts'
import { streamLoad } from './streamLoad/load.ts'

const undo: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

/** The full size is 200 of which 50 read nothing, for a minute: STREAM_CLIENTS=200 STREAM_SECONDS=60. */
const CLIENTS = Number(process.env.STREAM_CLIENTS ?? 24)
const SECONDS = Number(process.env.STREAM_SECONDS ?? 5)
/** In a short run each event is longer: a stalled client costs the same, and is dropped by the end of either. */
const BYTES = SECONDS < 30 ? 16_000 : 3_700
/** 0 to compare with. */
const STALLED = Number(process.env.STREAM_STALLED ?? Math.floor(CLIENTS / 4))

test(`${STALLED} of ${CLIENTS} clients that read nothing are dropped, cost little and leave the others alone`, async () => {
  const url = await createDatabase(inject('templateUrl'))
  undo.push(() => dropDatabase(url))
  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  const env = { DATABASE_URL: url, DATA_DIR: path, TRADING: 'off', BACKFILL_SESSIONS: '0', SIM_SPEED: '1' }
  const service = await runService(env)
  undo.push(() => service.end('SIGKILL'))
  const pool = openPool({ url, purpose: 'jobs', log: createLog('error') })
  undo.push(() => pool.end())
  const { events } = openStores(pool, { clock: machineClock, random: Math.random })
  await new Promise((resolve) => setTimeout(resolve, SECONDS < 30 ? 2_000 : 8_000)) // what a start takes is no cost of a client
  const address = service.address.replace('http://', '')
  const result = await streamLoad({
    ...{ address, pid: service.pid, events },
    ...{ clients: CLIENTS, stalled: STALLED, seconds: SECONDS, bytes: BYTES },
  })
  console.info(JSON.stringify(result))
  expect(result).toMatchObject({ missed: 0, dropped: STALLED })
  expect(result.grownMb).toBeLessThanOrEqual(64)
  expect(result.p99Ms).toBeLessThanOrEqual(CLIENTS < 100 ? 1_000 : 250) // a machine that runs all tests is busy
}, 300_000)
