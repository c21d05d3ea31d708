import { createLog } from '../src/log.ts'
import { openPool } from './connect.ts'
import { guarded } from './errors.ts'
import { atDatabase, conclude } from './maintenance.ts'
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

await conclude(async () => {
  const differences = await atDatabase(log, repairAt)
  console.log(`${differences} rollups differed and were made anew.`)
  process.exitCode = differences === 0 ? 0 : 1
})
