import { resolve } from 'node:path'
import { messageOf } from '../src/errors.ts'
import { createLog } from '../src/log.ts'
import { openPool } from './connect.ts'
import { startCluster } from './embedded/cluster.ts'
import { guarded } from './errors.ts'
import { migrate } from './migrate.ts'
import { repairRollups } from './rollupRepair.ts'
import { poolSession } from './session.ts'

// `npm run db:rollups`: makes every rollup anew and says how many differed. 1 when there were any: that is a defect.
const log = createLog('warn')

async function repairAt(url: string): Promise<number> {
  await migrate({ url, log })
  const pool = openPool({ url, purpose: 'jobs', log })
  const { repair } = guarded({ repair: () => repairRollups(poolSession(pool)) })
  return repair().finally(() => pool.end())
}

async function repairEmbedded(): Promise<number> {
  const cluster = await startCluster({ dataDir: resolve(process.env.DATA_DIR || './data'), log })
  return repairAt(cluster.url).finally(() => cluster.stop())
}

try {
  const { DATABASE_URL } = process.env
  const differences = await (DATABASE_URL ? repairAt(DATABASE_URL) : repairEmbedded())
  console.log(`${differences} rollups differed and were made anew.`)
  process.exitCode = differences === 0 ? 0 : 1
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
