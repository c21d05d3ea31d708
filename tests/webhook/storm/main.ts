import { openPool } from '../../../db/connect.ts'
import { migrate } from '../../../db/migrate.ts'
import { openStores } from '../../../db/stores.ts'
import { machineClock as clock } from '../../../src/clock/machine.ts'
import { createLog } from '../../../src/log.ts'
import { startServer } from '../../support/databaseServer.ts'
import { createDatabase, dropDatabase } from '../../support/databases.ts'
import { storm } from './storm.ts'

/** `npm run webhookstorm -- [events] [kills] [seed]`: a storm on a database of its own. Fails when a promise is broken. */
const [events = 10_000, kills = 20, seed = 1] = process.argv.slice(2).map(Number)
/** Two hundred deliveries a second, more than any day of trading: what is never idle has more under way when it is killed. */
const PER_SECOND = 20
const log = createLog('error')
const server = await startServer()
const url = await createDatabase(server.url)
await migrate({ url, log })
const pool = openPool({ url, purpose: 'jobs', log })
try {
  const stores = openStores(pool, { clock, random: Math.random })
  const seconds = Math.round(events / PER_SECOND)
  const options = { events, kills, seed, seconds, endpoints: 10, failing: 3, deadlineMs: 1_800_000 }
  const result = await storm({ ...options, url, stores })
  process.stdout.write(`${JSON.stringify({ ...options, ...result }, null, 2)}\n`)
  const { lost, outOfOrder, forged, mostDuplicates, duplicates } = result
  const isBroken = lost > 0 || outOfOrder > 0 || forged > 0 || mostDuplicates > kills || duplicates > kills
  if (isBroken) process.exitCode = 1
} finally {
  await pool.end()
  await dropDatabase(url)
  await server.stop()
}
