import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../db/connect.ts'
import { startCluster } from '../db/embedded/cluster.ts'
import { migrate } from '../db/migrate.ts'
import { openStores } from '../db/stores.ts'
import { machineClock } from '../src/clock/machine.ts'
import { createLog } from '../src/log.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { Stores } from '../src/ports/stores.ts'

/** A migrated database that is thrown away, and a folder beside it. */
export interface Workbench {
  readonly url: string
  readonly folder: string
  readonly pool: ReturnType<typeof openPool>
  readonly stores: Stores
  clear(): Promise<void>
}

export async function openWorkbench(): Promise<Workbench> {
  const log = createLog('error')
  const folder = await mkdtemp(join(tmpdir(), 'pivot-bench-'))
  await chmod(folder, 0o755) // the server may run as another user
  const cluster = await startCluster({ dataDir: folder, log })
  await migrate({ url: cluster.url, log })
  const pool = openPool({ url: cluster.url, purpose: 'jobs', log })
  const clear = async () => {
    await pool.end()
    await cluster.stop()
    await rm(folder, { recursive: true })
  }
  const stores = openStores(pool, { clock: machineClock, random: Math.random })
  return { url: cluster.url, folder, pool, stores, clear }
}

/** The seconds of an instrument in one line: how many, their sum, the last. */
export async function contentOf({ pool }: Workbench, { id }: Instrument): Promise<string> {
  const { rows } = await pool.query(
    `select concat_ws(' ', count(*), sum(open::int8 + high + low + close + volume + vwap + trade_count), max(time))
    as content from second_bars where instrument = $1`,
    [id],
  )
  return rows[0].content
}
